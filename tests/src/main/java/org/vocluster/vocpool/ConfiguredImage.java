package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Machine;
import org.vocluster.pool.PoolException;

/**
 * A VO's machine image whose HTCondor has settings of its own, as an image has that was not made
 * for VOC.
 *
 * @param file the image, read-only
 * @param sha256 its digest
 */
public record ConfiguredImage(Path file, String sha256) {
  private static final String FILE = "configured.qcow2";

  /**
   * The image with these settings, made once of each VO image.
   *
   * @param settings text of a file of HTCondor's configuration
   */
  public static ConfiguredImage of(VoImage base, String settings)
      throws PoolException, InterruptedException {
    try {
      Path entry =
          new BuildCache(Machine.cacheDirectory())
              .entry(
                  "configured",
                  List.of(base.sha256(), settings),
                  into -> build(base, settings, into));
      return new ConfiguredImage(entry.resolve(FILE), ImageEdit.digest(entry));
    } catch (IOException e) {
      throw new PoolException("no image with settings of %s: %s".formatted(base.file(), e), e);
    }
  }

  private static void build(VoImage base, String settings, Path into)
      throws IOException, PoolException, InterruptedException {
    Files.writeString(into.resolve("settings"), settings);
    ImageEdit.edit(
        base,
        """
        cd /etc/condor/config.d
        write %s/settings 60-own.conf
        """
            .formatted(into),
        into.resolve(FILE));
  }
}
