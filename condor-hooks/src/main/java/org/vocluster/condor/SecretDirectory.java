package org.vocluster.condor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.vocluster.vm.os.FileTree;

/**
 * A directory of this process's account only, for keys and tokens that HTCondor's tools read from
 * files: it exists while a tool runs.
 */
record SecretDirectory(Path path) implements AutoCloseable {
  static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * Makes one, and removes what processes that were killed have left of such. How old that is, the
   * file system's own clock tells, by the directory just made.
   *
   * @param parent of the same account
   * @param prefix of its name, and of those that are removed
   * @param outdated age from which one is no longer in use
   */
  static SecretDirectory in(Path parent, String prefix, Duration outdated) throws IOException {
    SecretDirectory made =
        new SecretDirectory(Files.createTempDirectory(parent, prefix, OWNER_ONLY));
    try {
      made.removeOlder(parent, prefix, outdated);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private void removeOlder(Path parent, String prefix, Duration outdated) throws IOException {
    Instant old = Files.getLastModifiedTime(path).toInstant().minus(outdated);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path each : all) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(old)) {
          FileTree.delete(each);
        }
      }
    }
  }

  /** A directory in it. */
  Path directory(String name) throws IOException {
    return Files.createDirectory(path.resolve(name), OWNER_ONLY);
  }

  /** Writes a file that nobody else may read. */
  static Path write(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  @Override
  public void close() throws IOException {
    FileTree.delete(path);
  }
}
