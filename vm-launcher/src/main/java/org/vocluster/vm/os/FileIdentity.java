package org.vocluster.vm.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What tells cheaply that a file is still the one that was looked at.
 *
 * @param size in bytes
 * @param modifiedNanos modification time in nanoseconds since 1970
 */
public record FileIdentity(long size, long modifiedNanos, long inode) {
  public static FileIdentity of(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:size,lastModifiedTime,ino");
    if (attributes.get("size") instanceof Long size
        && attributes.get("lastModifiedTime") instanceof FileTime modified
        && attributes.get("ino") instanceof Long inode) {
      return new FileIdentity(size, modified.to(TimeUnit.NANOSECONDS), inode);
    }
    throw new IOException("the file system gives no size, time and inode for " + file);
  }

  /**
   * The identity of a file that others can write, with the time of its last change of any kind,
   * which unlike the modification time nobody can set back.
   */
  public static String ofForeign(Path file) throws IOException {
    return of(file).text()
        + ":"
        + (Files.getAttribute(file, "unix:ctime") instanceof FileTime changed
            ? changed.to(TimeUnit.NANOSECONDS)
            : 0);
  }

  public String text() {
    return size + ":" + modifiedNanos + ":" + inode;
  }
}
