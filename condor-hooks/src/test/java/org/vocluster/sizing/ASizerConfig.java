package org.vocluster.sizing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.vocluster.condor.PrintedSettings;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.submit.NodeJobs;
import org.vocluster.vm.node.Paths;

/** The size hook's settings for tests: everything in one directory. */
final class ASizerConfig {
  private static final String ASKED =
      """
      #!/bin/sh
      [ -e "$0.calls" ] && echo "$@" >> "$0.calls"
      [ -e "$0.fails" ] && { echo "Can't connect to anybody" >&2; exit 1; }
      case "$*" in *-schedd*) cat "$0.schedd" ;; *) cat "$0.collector" ;; esac
      """;

  private ASizerConfig() {}

  /** A {@code condor_config_val} for daemons whose configuration is in order. */
  static void inOrder(Path bin) throws IOException {
    Path tool = Files.writeString(bin.resolve("condor_config_val"), ASKED);
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    settings(bin, "schedd", "schedd-sound-23.9");
    settings(bin, "collector", "collector-sound-23.9");
  }

  /** Has a daemon print what one of a real pool did. */
  static void settings(Path bin, String daemon, String printed) throws IOException {
    Files.writeString(
        bin.resolve("condor_config_val." + daemon),
        PrintedSettings.text(printed).replace("site.test", "pool.test"));
  }

  /**
   * @param queue the job queue log
   * @param bin stand-ins for HTCondor's tools
   */
  static SizerConfig of(Path root, Path queue, Path bin) {
    return new SizerConfig(
        new SizerConfig.AccessPoint(
            "ap.test", queue, root.resolve("vocs.d"), "ap.test", Set.of(), Integer.MAX_VALUE),
        new SizerConfig.Authority(root.resolve("keys"), root.resolve("tokens"), "pool.test"),
        new SizerConfig.Tools(bin, bin, "cm.test", Optional.of(root.resolve("reaper"))),
        new SizerConfig.Journals(
            root.resolve("VocAuditLog"), root.resolve("VocNodeLog"), root.resolve("voc-consoles")),
        new NodeJobs(Paths.VOC_NODE, NodeJobs.LEASE_SECONDS),
        Duration.ofSeconds(10),
        SizingLimits.DEFAULT);
  }
}
