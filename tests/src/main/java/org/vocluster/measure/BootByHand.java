package org.vocluster.measure;

import java.time.Duration;
import java.time.Instant;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.vocpool.VocPool;

/**
 * Boots a node's image by hand on the same host, with the arguments, context and token that the
 * hook made for the node: what the node's boot is compared with.
 */
public final class BootByHand {
  private static final Duration BOUND = Duration.ofMinutes(4);
  private static final String DIRECTORY = "/var/tmp/by-hand";

  private final VocPool voc;
  private final Host host;
  private final String user;

  private BootByHand(VocPool voc, Host host, String user) {
    this.voc = voc;
    this.host = host;
    this.user = user;
  }

  /** Copies what is needed while the node still lives. */
  public static BootByHand prepare(VocPool voc, Host host, Host.HostProcess machine)
      throws PoolException, InterruptedException {
    host.root()
        .sh(
            """
            set -e
            scratch=$(readlink /proc/%1$d/cwd)
            rm -rf %2$s
            mkdir %2$s
            cp "$scratch"/.job.ad "$scratch"/voc-qemu.args "$scratch"/voc-condor.conf "$scratch"/voc-token "$scratch"/voc-node-key %2$s
            sed -i "s|$scratch|%2$s|g" %2$s/voc-qemu.args
            qemu-img info -U --output=json "$scratch/voc-overlay.qcow2" >%2$s/overlay.json
            chown -R %3$s %2$s
            """
                .formatted(machine.pid(), DIRECTORY, machine.user()))
        .orThrow();
    return new BootByHand(voc, host, machine.user());
  }

  /** Runs the hook over what the node had, on the host that it has left. */
  public PrepareTimes prepareTimes(int runs) throws PoolException, InterruptedException {
    return PrepareTimes.measure(host, DIRECTORY, user, runs);
  }

  /** Seconds from the kernel's start of QEMU to the guest's ad in the collector. */
  public double run(String node) throws PoolException, InterruptedException {
    Instant begin = Instant.now();
    long pid =
        Long.parseLong(
            host.root()
                .sh(
                    """
                    set -e
                    cd %1$s
                    image=$(sed -n 's/.*"full-backing-filename": "\\(.*\\)".*/\\1/p' overlay.json)
                    size=$(sed -n 's/.*"virtual-size": \\([0-9]*\\).*/\\1/p' overlay.json | tail -n 1)
                    setpriv --reuid=%2$s --regid=%2$s --init-groups qemu-img create -q -f qcow2 -F qcow2 -b "$image" voc-overlay.qcow2 "$size"
                    set --
                    while IFS= read -r argument; do set -- "$@" "$argument"; done <voc-qemu.args
                    setpriv --reuid=%2$s --regid=%2$s --init-groups setsid "$@" >qemu.out 2>&1 &
                    echo $!
                    """
                        .formatted(DIRECTORY, user))
                .orThrow()
                .stdout()
                .strip());
    try {
      Instant start = Moments.started(host, pid);
      Await.until(
          "ad of the image booted by hand",
          BOUND,
          () -> voc.nodeAds("Name").stream().filter(name -> name.contains("@" + node)).toList(),
          ads -> !ads.isEmpty());
      Instant joined =
          Moments.inLog(
              voc.ap(),
              "/var/log/condor/CollectorLog",
              begin,
              "(MachineSlotAd|StartdAd) *: Inserting .*@" + node);
      return Duration.between(start, joined).toMillis() / 1000.0;
    } finally {
      takeAway(pid, node);
    }
  }

  private void takeAway(long pid, String node) throws PoolException, InterruptedException {
    host.root().sh("kill -9 %d; rm -rf %s".formatted(pid, DIRECTORY)).orThrow();
    invalidate("INVALIDATE_STARTD_ADS", "Machine", node);
    invalidate("INVALIDATE_STARTD_ADS", "StartD", node);
    invalidate("INVALIDATE_MASTER_ADS", "DaemonMaster", node);
  }

  private void invalidate(String command, String type, String node)
      throws PoolException, InterruptedException {
    voc.ap()
        .root()
        .input(
            "MyType = \"Query\"\nTargetType = \"%s\"\nRequirements = VocNode =?= \"%s\"\n"
                .formatted(type, node))
        .run("condor_advertise", command, "-")
        .orThrow();
  }
}
