package org.vocluster.scenario.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.scenario.fault.FaultMatrix.Stage;
import org.vocluster.vocpool.VocPool;

/**
 * Inflicts the ends of the matrix on nodes that {@link FaultScene} has brought to their stages. A
 * guest with an operating system has an agent in its image that asks the pool's manager what fault
 * to commit.
 */
final class Faults {
  private static final String SMALL_DISK = "/var/lib/condor/execute";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration GUESTS_OWN = Duration.ofMinutes(6);
  private static final long OUTAGE_SECONDS = 15;

  private final VocPool voc;

  Faults(VocPool voc) {
    this.voc = voc;
  }

  /** Inflicts the end and opens the gate; returns the moment of the node's end. */
  long inflict(Player player) throws PoolException, InterruptedException {
    Host host = player.host();
    String gate = Gates.at(player.cell().stage());
    long begin = System.nanoTime();
    switch (player.cell().end()) {
      case CONDOR_RM -> rm(player);
      case CONDOR_VACATE -> voc.ap().run("condor_vacate_job", player.job()).orThrow();
      case PREEMPTION -> {
        long before = preemptions(host);
        preempt(host, true);
        // The startd looks at PREEMPT in its own time.
        Await.until("a preemption on " + host.name(), SOON, () -> preemptions(host) > before);
        begin = System.nanoTime();
      }
      case STARTER_KILLED -> kill(host, "condor_starter");
      case STARTD_KILLED -> kill(host, "condor_startd");
      case MASTER_KILLED -> killMaster(host);
      case QEMU_KILLED -> killMachine(player);
      case POWER_CUT -> {
        host.kill();
        host.boot();
        Gates.openAll(host);
        host.startCondor();
      }
      case DISK_FULL -> {
        fillDisk(host);
        Gates.open(host, gate);
        // Before a guest runs, prepare-job meets the full disk; a guest stops at its first write.
        order(player);
        begin = player.cell().needsGuest() ? awaitEnd(player) : System.nanoTime();
      }
      case COLLECTOR_AWAY -> {
        takeCollectorAway(player, gate);
        begin = System.nanoTime();
      }
      case NORMAL_LEAVE -> {
        if (player.cell().stage() == Stage.LEAVING) {
          rm(player);
        } else {
          begin = awaitEnd(player);
        }
      }
      case GUEST_PANIC, GUEST_STARTD_DIES -> {
        order(player);
        begin = awaitEnd(player);
      }
      case HANGS_AT_BOOT -> begin = awaitEnd(player);
    }
    if (host.isUp()) {
      Gates.open(host, gate);
    }
    return begin;
  }

  private void takeCollectorAway(Player player, String gate)
      throws PoolException, InterruptedException {
    Host host = player.host();
    collector("STOP");
    try {
      if (gate.equals("before-overlay") || gate.equals("overlay-made")) {
        rm(player);
      } else {
        killMachine(player);
      }
      Gates.open(host, gate);
      long back = System.nanoTime() + Duration.ofSeconds(OUTAGE_SECONDS).toNanos();
      Await.until("the end of the outage", SOON, () -> System.nanoTime() - back > 0);
    } finally {
      collector("CONT");
    }
  }

  private void rm(Player player) throws PoolException, InterruptedException {
    voc.ap().run("condor_rm", player.job()).orThrow();
  }

  /** Has the startd preempt nodes, or not any more. */
  static void preempt(Host host, boolean preempt) throws PoolException, InterruptedException {
    host.write(
        "/etc/condor/config.d/85-preempt.conf",
        "PREEMPT = %s\n".formatted(preempt ? "isString(MY.VocNode)" : "False"),
        "644");
    host.run("condor_reconfig").orThrow();
  }

  private static long preemptions(Host host) throws PoolException, InterruptedException {
    return Long.parseLong(
        host.root()
            .sh("grep -c 'Changing state.*-> Preempting' /var/log/condor/StartLog || true")
            .orThrow()
            .stdout()
            .strip());
  }

  private static void kill(Host host, String daemon) throws PoolException, InterruptedException {
    List<Host.HostProcess> found =
        host.processes().stream()
            .filter(process -> process.commandLine().matches("(\\S*/)?" + daemon + "(\\s.*)?"))
            .toList();
    if (found.size() != 1) {
      throw new PoolException("%s: not one %s: %s".formatted(host.name(), daemon, found));
    }
    host.run("kill", "-KILL", Long.toString(found.getFirst().pid())).orThrow();
  }

  /** As condor.service's KillMode=mixed: when its main process is gone, all others are killed. */
  private static void killMaster(Host host) throws PoolException, InterruptedException {
    kill(host, "condor_master");
    Await.until(
        "the service's processes on %s to end".formatted(host.name()),
        SOON,
        () -> {
          List<Host.HostProcess> rest =
              host.processes().stream()
                  .filter(process -> !process.state().startsWith("Z"))
                  .filter(process -> !process.commandLine().matches("(tini|sleep infinity).*"))
                  .toList();
          for (Host.HostProcess process : rest) {
            var _ = host.run("kill", "-KILL", Long.toString(process.pid()));
          }
          return rest.isEmpty();
        });
    host.startCondor();
  }

  private void killMachine(Player player) throws PoolException, InterruptedException {
    Host.HostProcess machine =
        player
            .machine()
            .orElseThrow(() -> new PoolException("no process of node " + player.node()));
    player.host().run("kill", "-KILL", Long.toString(machine.pid())).orThrow();
  }

  /** A file system of its own for EXECUTE, which nothing else fills with it. */
  static void mountSmallDisk(Host host) throws PoolException, InterruptedException {
    host.run("mount", "-t", "tmpfs", "-o", "size=8g,mode=755", "tmpfs", SMALL_DISK).orThrow();
    host.run("chown", "condor:condor", SMALL_DISK).orThrow();
  }

  static void unmountSmallDisk(Host host) throws PoolException, InterruptedException {
    host.run("umount", SMALL_DISK).orThrow();
  }

  private static void fillDisk(Host host) throws PoolException, InterruptedException {
    host.root()
        .sh(
            "mount -o remount,size=$(($(df --output=used -k %1$s | tail -n 1) + 4))k %1$s"
                .formatted(SMALL_DISK))
        .orThrow();
  }

  private void collector(String signal) throws PoolException, InterruptedException {
    voc.ap().root().sh("pkill -%s -x condor_collecto".formatted(signal)).orThrow();
  }

  /** Waits until the job's process has ended, and returns when it had. */
  private long awaitEnd(Player player) throws PoolException, InterruptedException {
    Await.until(
        "the machine of %s to end".formatted(player.node()),
        GUESTS_OWN,
        player::machine,
        Optional::isEmpty);
    return System.nanoTime();
  }

  private void order(Player player) throws PoolException, InterruptedException {
    String order =
        switch (player.cell().end()) {
          case GUEST_PANIC -> "panic";
          case GUEST_STARTD_DIES -> "condor-dies";
          case DISK_FULL -> "write";
          default -> throw new IllegalArgumentException(player.cell() + " is not the guest's");
        };
    // A guest without an operating system panics by itself.
    if (player.cell().needsGuest()) {
      voc.ap().write("/srv/orders/" + player.node(), order, "644");
    }
  }
}
