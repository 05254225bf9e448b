package org.vocluster.vm;

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
record FileIdentity(long size, long modifiedNanos, long inode) {
  static FileIdentity of(Path file) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:size,lastModifiedTime,ino");
    if (attributes.get("size") instanceof Long size
        && attributes.get("lastModifiedTime") instanceof FileTime modified
        && attributes.get("ino") instanceof Long inode) {
      return new FileIdentity(size, modified.to(TimeUnit.NANOSECONDS), inode);
    }
    throw new IOException("the file system gives no size, time and inode for " + file);
  }

  String text() {
    return size + ":" + modifiedNanos + ":" + inode;
  }
}
