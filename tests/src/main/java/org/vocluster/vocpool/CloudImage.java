package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.vocluster.pool.Bootstrap;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Machine;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;

/**
 * A machine image made the way Debian makes its cloud images, with HTCondor in it and nothing of
 * ours: GPT with a BIOS boot partition, an EFI system partition and an ext4 root, GRUB for both,
 * netplan, systemd-networkd and -resolved, and cloud-init, which finds out everything else.
 *
 * @param file the image, read-only
 * @param sha256 its digest, in lower-case hexadecimal
 */
public record CloudImage(Path file, String sha256) {
  private static final Duration BOUND = Duration.ofMinutes(15);
  private static final int DISK_MB = 3072;
  private static final String SCRIPT = "cloud-image.sh";
  private static final String FILE = "cloud.qcow2";

  private static final List<String> PACKAGES =
      List.of(
          "cloud-guest-utils",
          "cloud-init",
          "condor",
          "dbus",
          "fdisk",
          "grub-efi-amd64-bin",
          "grub-pc-bin",
          "initramfs-tools",
          "iproute2",
          "linux-image-cloud-amd64",
          "netplan.io",
          "sudo",
          "systemd",
          "systemd-resolved",
          "systemd-sysv",
          "udev");

  /** Returns the suite's image, after building it if there is none yet (some minutes). */
  public static CloudImage of(Suite suite) throws PoolException, InterruptedException {
    Machine.prepare();
    Bootstrap bootstrap = new Bootstrap(suite, PACKAGES, List.of());
    ImageBuild build = new ImageBuild(bootstrap, SCRIPT, FILE, DISK_MB, BOUND);
    try {
      Path entry =
          new BuildCache(Machine.cacheDirectory())
              .entry("cloud-image-" + suite.debianName(), build.inputs(), into -> build.into(into));
      return new CloudImage(entry.resolve(FILE), build.digest(entry));
    } catch (IOException e) {
      throw new PoolException("no cloud image of %s: %s".formatted(suite, e), e);
    }
  }
}
