package org.vocluster.cli.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Since;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.sizing.journal.NodeRecord;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.CommandException;

/** {@code voc nodes}: the nodes of this access point and when what happened to them. */
public final class NodesCommand implements Subcommand {
  private static final String TIMING = "--timing";
  private static final String JSON = "--json";
  private static final Duration RECENTLY = Duration.ofHours(1);

  private final Site site;

  public NodesCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "nodes";
  }

  @Override
  public String operands() {
    return "[--timing [--since=1h]] [--json] [VOC…]";
  }

  @Override
  public String summary() {
    return "list nodes, and how long each took to boot";
  }

  @Override
  public String help() {
    return """
        On an access point. Lists the nodes of its VOCs, one for each node job in the queue.

          STATE  queued   the node job waits for a PAD slot
                 booting  it runs, and the node has not joined the pool yet
                 idle     in the pool without a job
                 busy     in the pool, claimed
                 leaving  takes no more jobs, or is in the pool no more
                 held     its node job is on hold: `voc why` of its number
                 ending   its node job is leaving the queue
          AGE    since its job was launched, or submitted
          BOOT   seconds from prepare-job on the PAD host to the start of the guest's startd
                 (VocBootSeconds in its slot ads)

        With --timing, a column for each moment, as seconds after the launch of the node job;
        nodes that have ended since are listed too, from the log of nodes of the size hook.

          SUBMITTED, LAUNCHED     its job was submitted, and given to a PAD host
          EXEC                    prepare-job began to make the virtual machine
          KERNEL, STARTD          the guest's kernel and its startd started
          FIRST AD                the collector had its startd's ad
          FIRST CLAIM, LAST CLAIM a schedd claimed any of it first, and held any of it last
          END                     its job ended

          --since=SPAN   ended in the last 90s, 15m, 1h or 2d, or since 2026-11-23T08:00:00Z

        With --json, an array with an object for each node: Voc, Node, NodeJob, State, Host and
        the moments as in the log of nodes, in seconds since 1970; with --timing those that
        have ended too.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    Instant now = site.clock().instant();
    List<String> vocs = new ArrayList<>(operands);
    boolean timing = vocs.removeIf(TIMING::equals);
    boolean json = vocs.removeIf(JSON::equals);
    Instant since = now.minus(RECENTLY);
    for (String operand : List.copyOf(vocs)) {
      if (operand.startsWith(Since.OPTION) && timing) {
        since = Since.of(name(), operand, now);
        vocs.remove(operand);
      } else if (operand.startsWith("-")) {
        throw CliException.usage("nodes: " + operand + " is not understood; `voc nodes --help`");
      }
    }
    List<NodeRecord> runs = NodeLogReading.runs(site);
    List<NodeRow> rows = new ArrayList<>(living(runs));
    if (timing) {
      rows.addAll(NodeRow.ended(runs, since));
    }
    rows.removeIf(row -> !vocs.isEmpty() && !vocs.contains(row.voc()));
    if (json) {
      terminal.out().print(NodeTables.json(rows));
    } else if (rows.isEmpty()) {
      terminal.say("there is no node" + (vocs.isEmpty() ? "" : " of " + String.join(", ", vocs)));
    } else {
      terminal.out().print(timing ? NodeTables.timing(rows) : NodeTables.table(rows, now));
    }
    return ExitCode.OK;
  }

  private List<NodeRow> living(List<NodeRecord> runs) throws CliException {
    List<ClassAd> jobs =
        ads(
            "condor_q",
            "the schedd",
            "-allusers",
            "-constraint",
            Constraints.nodeJobs()
                + " && %s =?= strcat(\"%s\", %s)"
                    .formatted(CondorAttr.OWNER, VoName.ACCOUNT_PREFIX, Attr.VO),
            "-long",
            "-attributes",
            String.join(",", NodeRow.JOB_ATTRIBUTES));
    List<ClassAd> slots =
        ads(
            "condor_status",
            "the collector",
            "-constraint",
            Constraints.vads(),
            "-long",
            "-attributes",
            String.join(",", NodeRow.SLOT_ATTRIBUTES));
    return NodeRow.living(jobs, slots, runs);
  }

  private List<ClassAd> ads(String tool, String who, String... arguments) throws CliException {
    try {
      return Ads.inLongForm(site.tools().run(tool, List.of(arguments)));
    } catch (CommandException | ClassAdSyntaxException e) {
      throw CliException.failed(who + " gave no answer: " + e.getMessage());
    }
  }
}
