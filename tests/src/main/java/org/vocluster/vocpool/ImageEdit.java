package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.vocluster.pool.Command;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;

/** How {@link FaultyImage} and {@link ConfiguredImage} come from {@link VoImage}. */
final class ImageEdit {
  private static final Duration BOUND = Duration.ofMinutes(10);

  /** Where vo-image.sh puts the root file system, in bytes. */
  private static final long ROOT_OFFSET = 25L << 20;

  private static final String DIGEST = "sha256";

  private ImageEdit() {}

  /**
   * Makes an image, read-only, and its digest beside it.
   *
   * @param orders for debugfs, on the root file system
   */
  static void edit(VoImage base, String orders, Path image)
      throws IOException, PoolException, InterruptedException {
    Path disk = image.resolveSibling("disk");
    Path script = Files.writeString(image.resolveSibling("debugfs"), orders);
    Command.run(
            BOUND,
            List.of("qemu-img", "convert", "-O", "raw", base.file().toString(), disk.toString()))
        .orThrow();
    Result written =
        Command.run(
                BOUND,
                List.of(
                    "debugfs",
                    "-w",
                    "-f",
                    script.toString(),
                    "%s?offset=%d".formatted(disk, ROOT_OFFSET)))
            .orThrow();
    // debugfs ends with 0 whatever becomes of its orders, and says on standard error that it began.
    if (written.stderr().lines().count() > 1) {
      throw new PoolException(written.toString());
    }
    Command.run(
            BOUND,
            List.of(
                "nice",
                "qemu-img",
                "convert",
                "-c",
                "-o",
                "compression_type=zstd",
                "-f",
                "raw",
                "-O",
                "qcow2",
                disk.toString(),
                image.toString()))
        .orThrow();
    Files.delete(disk);
    Files.writeString(
        image.resolveSibling(DIGEST),
        Command.run("sha256sum", image.toString()).orThrow().stdout().split(" ", 2)[0] + "\n");
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("r--r--r--"));
  }

  /** Of the image in a directory, in lower-case hexadecimal. */
  static String digest(Path directory) throws IOException {
    return Files.readString(directory.resolve(DIGEST)).strip();
  }
}
