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
        new SizerConfig.AccessPoint("ap.test", queue, root.resolve("vocs.d"), "ap.test", Set.of()),
        new SizerConfig.Authority(root.resolve("keys"), root.resolve("tokens"), "pool.test"),
        new SizerConfig.Tools(bin, bin, "cm.test"),
        new SizerConfig.Journals(
            root.resolve("VocAuditLog"), root.resolve("VocNodeLog"), root.resolve("voc-consoles")),
        Paths.VOC_NODE,
        Duration.ofSeconds(10),
        SizingLimits.DEFAULT);
  }
}
