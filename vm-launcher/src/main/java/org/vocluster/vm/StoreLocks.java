package org.vocluster.vm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Locks on single images of a store, and one on its space. They are bytes of one file, whose
 * positions come from the digests; the kernel gives them back when their holder dies.
 *
 * <p>The file stays open for as long as this object lives: closing it anywhere in the process would
 * give back all locks of the process (POSIX).
 */
final class StoreLocks {
  private static final long SPACE = 1L << 61;

  private final Path file;
  private @Nullable FileChannel channel;

  StoreLocks(Path file) {
    this.file = file;
  }

  private synchronized FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  /**
   * Locks an image.
   *
   * @param waits whether to wait for another process; a thread of this process is never waited for
   * @return null if somebody else has it
   */
  @Nullable FileLock image(ImageDigest digest, boolean waits) throws IOException {
    try {
      return waits
          ? channel().lock(position(digest), 1, false)
          : channel().tryLock(position(digest), 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Locks the space; for one thread of a process at a time. */
  FileLock space() throws IOException {
    return channel().lock(SPACE, 1, false);
  }

  private static long position(ImageDigest digest) {
    return Long.parseUnsignedLong(digest.value().substring(0, 15), 16);
  }
}
