package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.FileClock;

/**
 * How the store's files are named, and what names are there. Knows nothing of what is in them.
 *
 * @param directory VOC_IMAGE_DIR
 */
record StoreFiles(Path directory) {
  private static final String STAMP = ".stamp";
  private static final String PART = ".part";
  private static final String ORIGIN = ".from";
  private static final String PLUGIN = ".plugin";
  private static final String GOING = ".going";

  Path lock() {
    return directory.resolve(".lock");
  }

  /** The file itself. */
  Path file(ImageDigest digest, FileKind kind) {
    return directory.resolve(digest + kind.suffix());
  }

  /** Whether a file of either kind has the name. */
  boolean has(ImageDigest digest) {
    return exists(file(digest, FileKind.IMAGE)) || exists(file(digest, FileKind.BOOT_FILE));
  }

  static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** What it was when it was verified. */
  Path stamp(ImageDigest digest) {
    return directory.resolve(digest + STAMP);
  }

  /** The stamp while the file is being taken away. */
  Path going(ImageDigest digest) {
    return directory.resolve("." + digest + GOING);
  }

  /** What has come of it so far. */
  Path part(ImageDigest digest) {
    return directory.resolve("." + digest + PART);
  }

  /** Where the part comes from. */
  Path origin(ImageDigest digest) {
    return directory.resolve("." + digest + ORIGIN);
  }

  /** Where a plugin writes, and only it. */
  Path pluginDirectory(ImageDigest digest) {
    return directory.resolve("." + digest + PLUGIN);
  }

  /** The digests that have a stamp. */
  List<ImageDigest> stamped() throws IOException {
    return digests(STAMP);
  }

  /** The digests that have a file, verified or not. */
  List<ImageDigest> named() throws IOException {
    return digests(FileKind.IMAGE.suffix(), FileKind.BOOT_FILE.suffix());
  }

  /** The digests of which something has come. */
  List<ImageDigest> begun() throws IOException {
    return digests(PART, PLUGIN);
  }

  private List<ImageDigest> digests(String... suffixes) throws IOException {
    List<ImageDigest> out = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        for (String suffix : suffixes) {
          String stem =
              name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : "";
          stem = stem.startsWith(".") ? stem.substring(1) : stem;
          if (ImageDigest.isValid(stem) && !out.contains(new ImageDigest(stem))) {
            out.add(new ImageDigest(stem));
          }
        }
      }
    }
    out.sort(Comparator.comparing(ImageDigest::value));
    return out;
  }

  /** No half image is left behind by a fetch that nobody will go on with. */
  void forgetPart(ImageDigest digest) {
    try {
      Files.deleteIfExists(part(digest));
      Files.deleteIfExists(origin(digest));
      TransferPlugins.remove(pluginDirectory(digest));
    } catch (IOException e) {
      // Has no image's name; the next fetch of this digest, or the cache's tidying, takes it away.
    }
  }

  /**
   * Takes away what a killed process left: temporary files, and marks of a removal that did not
   * come to its end, whose image is then found untrusted.
   *
   * @param age by the system's clock; younger files may belong to somebody at work
   */
  void sweep(Duration age) throws IOException {
    long before = FileClock.now().toEpochMilli() - age.toMillis();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        boolean ours =
            name.endsWith(GOING)
                || (name.startsWith(AtomicFile.TEMPORARY)
                    && name.endsWith(AtomicFile.TEMPORARY_END));
        if (ours && Files.getLastModifiedTime(entry).toMillis() < before) {
          Files.deleteIfExists(entry);
        }
      }
    } catch (NoSuchFileException e) {
      // Somebody else was quicker.
    }
  }
}
