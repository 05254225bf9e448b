package org.vocluster.pool;

import java.nio.file.Path;
import java.util.List;

/**
 * A Debian root that all hosts of a pool share, read-only, each under a layer of its own.
 *
 * <p>It holds everything that our Debian packages depend on, so that installing them in a host
 * needs no network; none of ours, and no HTCondor configuration but that of Debian's condor
 * package.
 *
 * @param directory the root; never to be written to
 */
public record BaseRoot(Suite suite, Path directory) {
  private static final List<String> PACKAGES =
      List.of(
          "condor",
          "openjdk-25-jre-headless",
          "qemu-system-x86",
          "qemu-utils",
          "ovmf",
          "adduser",
          "ca-certificates",
          "iproute2",
          "kmod",
          "less",
          "procps",
          "sudo",
          "systemd-standalone-sysusers",
          "systemd-standalone-tmpfiles",
          "tini",
          "util-linux");

  /** Returns the suite's root, after building it if there is none yet (about a minute). */
  public static BaseRoot of(Suite suite) throws PoolException, InterruptedException {
    Bootstrap bootstrap = new Bootstrap(suite, PACKAGES, List.of());
    Path directory =
        new BuildCache(Machine.cacheDirectory())
            .entry("root-" + suite.debianName(), bootstrap.inputs(), bootstrap::into);
    return new BaseRoot(suite, directory);
  }
}
