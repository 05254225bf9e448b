package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Machine;
import org.vocluster.pool.PoolException;

/**
 * A VO's machine image with an agent in it that commits faults when it is told to: it asks a server
 * of the pool for an order with the node's name, {@code panic} or {@code condor-dies}.
 *
 * @param file the image, read-only
 * @param sha256 its digest
 */
public record FaultyImage(Path file, String sha256) {
  private static final String FILE = "faulty.qcow2";

  private static final String UNIT =
      """
      [Unit]
      Description=Commits faults
      Wants=network-online.target
      After=network-online.target voc-context.service
      [Service]
      ExecStart=/usr/libexec/fault-agent
      [Install]
      WantedBy=multi-user.target
      """;

  /** The image with its agent, made once of each VO image. */
  public static FaultyImage of(VoImage base, String orders)
      throws PoolException, InterruptedException {
    String agent =
        """
        #!/usr/bin/busybox sh
        b=/usr/bin/busybox
        while :; do
          node=$($b cat /proc/sys/kernel/hostname)
          case $($b wget -q -T 3 -O - %s/$node 2>/dev/null) in
            panic)
              echo 1 >/proc/sys/kernel/sysrq
              echo c >/proc/sysrq-trigger
              ;;
            condor-dies)
              until $b pidof condor_startd >/dev/null; do $b usleep 200000; done
              $b killall -KILL condor_master condor_startd
              ;;
            write)
              $b dd if=/dev/zero of=/var/tmp/fill bs=1M count=64 conv=fsync
              ;;
          esac
          $b sleep 2
        done
        """
            .formatted(orders);
    try {
      Path entry =
          new BuildCache(Machine.cacheDirectory())
              .entry(
                  "faulty", List.of(base.sha256(), UNIT, agent), into -> build(base, agent, into));
      return new FaultyImage(entry.resolve(FILE), ImageEdit.digest(entry));
    } catch (IOException e) {
      throw new PoolException("no image with faults of %s: %s".formatted(base.file(), e), e);
    }
  }

  private static void build(VoImage base, String agent, Path into)
      throws IOException, PoolException, InterruptedException {
    Files.writeString(into.resolve("agent"), agent);
    Files.writeString(into.resolve("unit"), UNIT);
    ImageEdit.edit(
        base,
        """
        cd /usr/libexec
        write %1$s/agent fault-agent
        set_inode_field fault-agent mode 0100755
        cd /etc/systemd/system
        write %1$s/unit fault-agent.service
        cd multi-user.target.wants
        symlink fault-agent.service /etc/systemd/system/fault-agent.service
        """
            .formatted(into),
        into.resolve(FILE));
  }
}
