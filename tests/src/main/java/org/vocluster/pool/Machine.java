package org.vocluster.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** The machine a pool runs on: where things are kept on it, and whether it can run one. */
public final class Machine {
  private static final long NEEDED_BYTES = 6L << 30;

  /** Commands needed on the machine itself, and the Debian package of each. */
  private static final Map<String, String> TOOLS = tools();

  private Machine() {}

  /** Where base roots and VO images are kept between runs: {@code $VOC_CACHE}. */
  public static Path cacheDirectory() {
    return directory("VOC_CACHE", "/var/cache/voc-testbed");
  }

  /** Where the hosts' files live while a pool is up: {@code $VOC_POOLS}. */
  static Path poolsDirectory() {
    return directory("VOC_POOLS", "/var/lib/voc-testbed");
  }

  /** Where other processes find the pools that are up. */
  static Path stateDirectory() {
    return Path.of("/run/voc-testbed");
  }

  /**
   * The Debian mirror that roots and images are built from: {@code $VOC_DEBIAN_MIRROR}. Without it
   * mmdebstrap takes Debian's own.
   */
  static List<String> debianMirror() {
    String mirror = System.getenv("VOC_DEBIAN_MIRROR");
    return mirror == null || mirror.isBlank() ? List.of() : List.of(mirror);
  }

  private static Path directory(String variable, String otherwise) {
    String value = System.getenv(variable);
    return Path.of(value == null || value.isBlank() ? otherwise : value).toAbsolutePath();
  }

  /**
   * Makes sure that this machine can run a pool; missing tools are installed with apt.
   *
   * @throws PoolException naming everything that is missing and how to get it
   */
  public static void prepare() throws PoolException, InterruptedException {
    List<String> problems = new ArrayList<>();
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        throw new PoolException(
            "the test pool makes namespaces, mounts and accounts: run it as root (sudo)");
      }
      if (!Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n")
          && !Command.run("modprobe", "overlay").ok()) {
        problems.add("this kernel has no overlayfs (modprobe overlay)");
      }
      for (String namespace : List.of("net", "pid", "mnt", "uts", "ipc")) {
        if (!Files.exists(Path.of("/proc/self/ns", namespace))) {
          problems.add("this kernel has no %s namespaces".formatted(namespace));
        }
      }
      for (Path directory : List.of(cacheDirectory(), poolsDirectory())) {
        Files.createDirectories(directory);
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < NEEDED_BYTES) {
          problems.add(
              "%s has %d MB free, %d MB are needed (other place: VOC_CACHE, VOC_POOLS)"
                  .formatted(directory, usable >> 20, NEEDED_BYTES >> 20));
        }
      }
      installMissingTools(problems);
    } catch (IOException e) {
      problems.add(e.toString());
    }
    if (!problems.isEmpty()) {
      throw new PoolException(
          "this machine cannot run a test pool:\n  " + String.join("\n  ", problems));
    }
  }

  private static void installMissingTools(List<String> problems)
      throws PoolException, InterruptedException {
    SequencedSet<String> packages = new LinkedHashSet<>();
    TOOLS.forEach(
        (tool, debianPackage) -> {
          if (!isInstalled(tool)) {
            packages.add(debianPackage);
          }
        });
    if (packages.isEmpty()) {
      return;
    }
    if (!isInstalled("/usr/bin/apt-get")) {
      problems.add("missing tools, of the Debian packages " + String.join(" ", packages));
      return;
    }
    List<String> install =
        new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
    install.addAll(packages);
    Result first = Command.run(Duration.ofMinutes(10), install);
    if (!first.ok()) {
      Command.run(Duration.ofMinutes(5), List.of("apt-get", "update")).orThrow();
      Command.run(Duration.ofMinutes(10), install).orThrow();
    }
  }

  private static boolean isInstalled(String path) {
    return Files.exists(Path.of(path));
  }

  private static Map<String, String> tools() {
    Map<String, String> tools = new LinkedHashMap<>();
    tools.put("/usr/bin/mmdebstrap", "mmdebstrap");
    tools.put("/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring");
    tools.put("/usr/bin/unshare", "util-linux");
    tools.put("/usr/bin/nsenter", "util-linux");
    tools.put("/usr/sbin/ip", "iproute2");
    tools.put("/usr/sbin/sfdisk", "fdisk");
    tools.put("/usr/sbin/mke2fs", "e2fsprogs");
    tools.put("/usr/sbin/mkfs.vfat", "dosfstools");
    tools.put("/usr/bin/mcopy", "mtools");
    tools.put("/usr/bin/syslinux", "syslinux");
    tools.put("/usr/lib/syslinux/mbr/mbr.bin", "syslinux-common");
    tools.put("/usr/bin/cpio", "cpio");
    tools.put("/usr/bin/qemu-img", "qemu-utils");
    tools.put("/usr/bin/xz", "xz-utils");
    return tools;
  }
}
