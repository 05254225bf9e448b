package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;

/**
 * Locks on single images of a store, and one on its space. They are bytes of one file, whose
 * positions come from the digests; the kernel gives them back when their holder dies.
 *
 * <p>The file stays open for as long as this object lives: closing it anywhere in the process would
 * give back all locks of the process (POSIX).
 */
final class StoreLocks {
  private static final long SPACE = 1L << 61;

  /** A directory that belongs to this process's account. */
  private static final Path SELF = Path.of("/proc/self/task");

  private final Path file;
  private @Nullable FileChannel channel;

  StoreLocks(Path file) {
    this.file = file;
  }

  private synchronized FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      channel = open;
      giveToOwner();
    }
    return open;
  }

  /**
   * A lock file of root's would keep the store's owner from it for ever, should root's command end
   * here.
   */
  private void giveToOwner() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && isRoots(SELF) && isRoots(file) && !isRoots(directory)) {
      Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setOwner(Files.getOwner(directory));
    }
  }

  private static boolean isRoots(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) instanceof Integer uid
        && uid == 0;
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
