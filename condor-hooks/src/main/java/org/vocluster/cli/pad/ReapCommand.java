package org.vocluster.cli.pad;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.leftover.HostInventory;
import org.vocluster.vm.leftover.Leftover;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.qemu.QemuProcesses;

/** {@code voc reap}: takes away what dead nodes and killed programs left on a PAD host. */
public final class ReapCommand implements Subcommand {
  private static final String DRY_RUN = "--dry-run";

  private final Site site;
  private final PadCache cache;

  public ReapCommand(Site site) {
    this.site = site;
    this.cache = new PadCache(site);
  }

  @Override
  public String name() {
    return "reap";
  }

  @Override
  public String operands() {
    return "[--dry-run]";
  }

  @Override
  public String summary() {
    return "take away what dead nodes and killed programs left on this host";
  }

  @Override
  public String help() {
    return """
        As root on a PAD host. Nodes clean up after themselves, and the hook that tells the
        pool about the host does so every few seconds; what its account may not take away
        stands in VocLeftovers of the host's slots. This takes away all of it: machines
        without a condor_starter, leases of nodes that are gone, overlays in memory and
        temporary files of processes that were killed, half images that nobody fetches and
        no VOC needs, and, while no condor_startd runs, scratch directories of dead nodes.
        One line for each: what it is, where, and why nobody needs it. Nothing that a
        living node uses is touched.

          --dry-run   only say what would go
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    boolean dry = operands.equals(List.of(DRY_RUN));
    if (!dry && !operands.isEmpty()) {
      throw CliException.usage("reap: takes nothing but " + DRY_RUN);
    }
    if (!dry) {
      cache.requireWritable();
    }
    HostInventory host =
        new HostInventory(
            HostProcesses.system(),
            QemuProcesses.system(),
            cache.leases(),
            cache.store(),
            new HostInventory.Places(
                site.path(Knob.STATE),
                site.path(Knob.CONSOLES),
                Path.of("/dev/shm"),
                site.path(Knob.EXECUTE)));
    try {
      return dry ? tell(host, terminal) : remove(host, terminal);
    } catch (IOException e) {
      throw CliException.failed("reap: " + e);
    }
  }

  private List<Leftover> leftovers(HostInventory host) throws IOException {
    return host.leftovers(
        host.machines().all(), cache.use(), site.clock().instant().getEpochSecond());
  }

  private ExitCode tell(HostInventory host, Terminal terminal) throws IOException {
    for (Leftover each : leftovers(host)) {
      terminal.say("would remove " + each.what() + ": " + each.why());
    }
    return ExitCode.OK;
  }

  /** Until nothing new turns up: what a machine holds is left over only when it is gone. */
  private ExitCode remove(HostInventory host, Terminal terminal) throws IOException {
    ExitCode code = ExitCode.OK;
    Set<Leftover> tried = new HashSet<>();
    boolean news = true;
    while (news) {
      news = false;
      for (Leftover each : leftovers(host)) {
        if (!tried.add(each)) {
          continue;
        }
        news = true;
        Optional<String> fault = host.remove(each);
        if (fault.isEmpty()) {
          terminal.say("removed " + each.what() + ": " + each.why());
        } else {
          terminal.complain("reap: " + each.what() + ": stays: " + fault.get());
          code = ExitCode.FAILED;
        }
      }
    }
    cache.giveToOwner();
    return code;
  }
}
