package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.vocluster.pool.Bootstrap;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Machine;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;

/**
 * A VO's machine image: Debian with HTCondor's execute side and our guest package, one qcow2 file
 * with one disk that a BIOS and UEFI boot, and beside it its kernel and first root.
 *
 * <p>Made for starting fast under TCG: nothing runs in it but systemd, its journal, a DHCP client
 * and HTCondor. It has no log-in, no name server and no container runtime.
 *
 * @param file the image, read-only
 * @param sha256 its digest, in lower-case hexadecimal
 * @param kernel its kernel, which QEMU can start directly
 * @param initrd the kernel's first root
 * @param kernelArguments the kernel's command line
 */
public record VoImage(Path file, String sha256, Path kernel, Path initrd, String kernelArguments) {
  private static final Duration BOUND = Duration.ofMinutes(10);
  private static final int DISK_MB = 4096;
  private static final String SCRIPT = "vo-image.sh";
  private static final String FILE = "voc.qcow2";

  private static final List<String> PACKAGES =
      List.of(
          "condor",
          "systemd",
          "systemd-sysv",
          "systemd-boot-efi",
          "linux-image-cloud-amd64",
          "initramfs-tools",
          "kmod",
          "busybox-static",
          "procps");

  /**
   * Building Debian's first root takes long, and so does booting it: the script makes a small one.
   */
  private static final List<String> EXCLUDED =
      List.of("/etc/kernel/*/initramfs-tools", "/etc/kernel/*/dracut");

  /**
   * Returns the suite's image with that guest package in it, after building it if there is none yet
   * (about a minute).
   *
   * @param guestPackage the file voc-guest_*.deb
   */
  public static VoImage of(Suite suite, Path guestPackage)
      throws PoolException, InterruptedException {
    Machine.prepare();
    Bootstrap bootstrap = new Bootstrap(suite, PACKAGES, EXCLUDED);
    ImageBuild build = new ImageBuild(bootstrap, SCRIPT, FILE, DISK_MB, BOUND);
    try {
      Path entry =
          new BuildCache(Machine.cacheDirectory())
              .entry(
                  "image-" + suite.debianName(),
                  build.inputs(
                      "guest package " + BuildCache.digest(Files.readAllBytes(guestPackage))),
                  into -> build.into(into, guestPackage.toAbsolutePath().toString()));
      return new VoImage(
          entry.resolve(FILE),
          build.digest(entry),
          entry.resolve("vmlinuz"),
          entry.resolve("initrd"),
          Files.readString(entry.resolve("cmdline")).strip());
    } catch (IOException e) {
      throw new PoolException("no VO image of %s with %s: %s".formatted(suite, guestPackage, e), e);
    }
  }
}
