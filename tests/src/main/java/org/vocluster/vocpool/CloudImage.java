package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.pool.Bootstrap;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Command;
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
    try {
      String script = VoImage.resource(SCRIPT);
      List<String> inputs = new ArrayList<>(bootstrap.inputs());
      inputs.add("disk " + DISK_MB);
      inputs.add(script);
      Path entry =
          new BuildCache(Machine.cacheDirectory())
              .entry(
                  "cloud-image-" + suite.debianName(),
                  inputs,
                  into -> build(bootstrap, script, into));
      Path image = entry.resolve("cloud.qcow2");
      return new CloudImage(
          image, Files.readString(entry.resolve("cloud.qcow2.sha256")).split(" ", 2)[0]);
    } catch (IOException e) {
      throw new PoolException("no cloud image of %s: %s".formatted(suite, e), e);
    }
  }

  private static void build(Bootstrap bootstrap, String script, Path into)
      throws IOException, PoolException, InterruptedException {
    Path tree = into.resolve("tree");
    Path image = into.resolve("cloud.qcow2");
    Path program = Files.writeString(into.resolve(SCRIPT), script);
    bootstrap.into(tree);
    Command.run(
            BOUND,
            List.of(
                "nice",
                "sh",
                program.toString(),
                tree.toString(),
                image.toString(),
                Integer.toString(DISK_MB)))
        .orThrow();
    BuildCache.remove(tree);
    String digest = Command.run("sha256sum", image.toString()).orThrow().stdout().split(" ", 2)[0];
    Files.writeString(into.resolve("cloud.qcow2.sha256"), digest + "  cloud.qcow2\n");
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("r--r--r--"));
  }
}
