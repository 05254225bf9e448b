package org.vocluster.scenario.fault;

import java.util.Locale;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.scenario.fault.FaultMatrix.Stage;

/**
 * Where nodes are held at the stages before QEMU runs: programs that the hosts' configuration puts
 * around prepare-job and QEMU. They let go as soon as the end has begun. Nothing in the product
 * knows of them.
 */
final class Gates {
  static final String PREPARE = "/usr/local/lib/faults/prepare-job";
  static final String QEMU = "/usr/local/lib/faults/qemu";

  private static final String DIRECTORY = "/srv/faults";

  private static final String GATE =
      """
      gate() {
        : >%1$s/at-$1
        while [ -e %1$s/stop-$1 ]; do sleep 0.02; done
      }
      """
          .formatted(DIRECTORY);

  private Gates() {}

  /** Puts the programs on a PAD host. */
  static void build(Host host) throws PoolException, InterruptedException {
    host.root().sh("install -d -m 1777 " + DIRECTORY).orThrow();
    host.write(
        PREPARE,
        """
        #!/bin/sh
        # The real hook, with a gate before and behind it.
        %sgate before-overlay
        answer=$(/usr/libexec/voc/prepare-job "$@")
        gate overlay-made
        printf '%%s\\n' "$answer"
        """
            .formatted(GATE),
        "755");
    host.write(
        QEMU,
        """
        #!/bin/sh
        # QEMU, with a gate before a node's.
        %scase " $* " in *" -name guest="*) gate qemu-starting ;; esac
        exec /usr/bin/qemu-system-x86_64 "$@"
        """
            .formatted(GATE),
        "755");
  }

  /** The gate at which a node is at that stage; empty where its QEMU runs. */
  static String at(Stage stage) {
    return switch (stage) {
      case BEFORE_OVERLAY, OVERLAY_MADE, QEMU_STARTING ->
          stage.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case BOOTING, JOINED, RUNNING, LEAVING -> "";
    };
  }

  /** Shuts a gate for the next node on the host. */
  static void shut(Host host, String gate) throws PoolException, InterruptedException {
    host.root().sh("rm -f %1$s/at-%2$s; : >%1$s/stop-%2$s".formatted(DIRECTORY, gate)).orThrow();
  }

  /** Whether a node waits at the gate. */
  static boolean isReached(Host host, String gate) throws PoolException, InterruptedException {
    return host.exists(DIRECTORY + "/at-" + gate);
  }

  static void open(Host host, String gate) throws PoolException, InterruptedException {
    if (!gate.isEmpty()) {
      host.root().sh("rm -f %s/stop-%s".formatted(DIRECTORY, gate)).orThrow();
    }
  }

  static void openAll(Host host) throws PoolException, InterruptedException {
    host.root().sh("rm -f %s/stop-*".formatted(DIRECTORY)).orThrow();
  }
}
