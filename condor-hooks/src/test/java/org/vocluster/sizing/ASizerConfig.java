package org.vocluster.sizing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.vm.node.Paths;

/** The size hook's settings for tests: everything in one directory. */
final class ASizerConfig {
  private ASizerConfig() {}

  /**
   * @param queue the job queue log
   * @param bin stand-ins for HTCondor's tools
   */
  static SizerConfig of(Path root, Path queue, Path bin) {
    return new SizerConfig(
        queue,
        root.resolve("vocs.d"),
        root.resolve("keys"),
        root.resolve("tokens"),
        bin,
        bin,
        "cm.test",
        "pool.test",
        Duration.ofSeconds(10),
        Paths.VOC_NODE,
        "ap.test",
        "ap.test",
        root.resolve("VocAuditLog"),
        root.resolve("VocNodeLog"),
        root.resolve("voc-consoles"),
        Set.of(),
        SizingLimits.DEFAULT);
  }
}
