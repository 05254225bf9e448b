package org.vocluster.vm.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A small file that readers see whole, as it was or as it is, whatever dies while it is written.
 */
public final class AtomicFile {
  /** How what is being written is named until it is done. */
  public static final String TEMPORARY = ".write-";

  public static final String TEMPORARY_END = ".tmp";

  private AtomicFile() {}

  /**
   * Replaces the file.
   *
   * @param permissions as in {@code rw-r--r--}
   */
  public static void write(Path file, String text, String permissions) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("no directory for " + file);
    }
    Path temporary = Files.createTempFile(parent, TEMPORARY, TEMPORARY_END);
    try {
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      setPermissions(temporary, permissions);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Of the file itself: root writes where another account could put a link in its place. */
  public static void setPermissions(Path file, String permissions) throws IOException {
    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(PosixFilePermissions.fromString(permissions));
  }
}
