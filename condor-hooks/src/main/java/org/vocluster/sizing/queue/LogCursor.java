package org.vocluster.sizing.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Goes over the lines of job_queue.log, with a part of the file in memory: whole lines, and no more
 * than a piece of {@link #CHUNK} but where a line is longer. For {@link LogWalk}, which has two:
 * one at the line to be applied, one ahead of it. It knows no records but for their types.
 */
final class LogCursor {
  private static final int CHUNK = 1 << 20;

  byte[] buffer = new byte[0];
  private long start;
  private int filled;

  /** The current line's place in the buffer, without its end. */
  int line;

  int end;

  void forget() {
    start = 0;
    filled = 0;
    line = 0;
  }

  void moveTo(long offset) {
    if (offset >= start && offset <= start + filled) {
      line = (int) (offset - start);
    } else {
      start = offset;
      filled = 0;
      line = 0;
    }
  }

  /** Finds the end of the line here; false while that is not written. */
  boolean next(FileChannel open) throws IOException {
    int sought = line;
    while (true) {
      end = LogBytes.newline(buffer, sought, filled);
      if (end < filled) {
        return true;
      }
      sought = filled - line;
      if (line > 0) {
        System.arraycopy(buffer, line, buffer, 0, filled - line);
        start += line;
        filled -= line;
        line = 0;
      }
      if (buffer.length == 0) {
        buffer = new byte[CHUNK];
      } else if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      ByteBuffer rest = ByteBuffer.wrap(buffer, filled, buffer.length - filled);
      int got = open.read(rest, start + filled);
      if (got <= 0) {
        if (buffer.length > CHUNK && filled < CHUNK) {
          buffer = Arrays.copyOf(buffer, CHUNK);
        }
        return false;
      }
      filled += got;
    }
  }

  /** Goes to the line after this one. */
  void pass() {
    line = end + 1;
  }

  long offset() {
    return start + line;
  }

  long after() {
    return start + end + 1;
  }

  long seen() {
    return start + filled;
  }

  boolean startsWith(int type) {
    return end - line >= 3
        && (end - line == 3 || LogBytes.isBlank(buffer[line + 3]))
        && buffer[line] == '0' + type / 100
        && buffer[line + 1] == '0' + type / 10 % 10
        && buffer[line + 2] == '0' + type % 10;
  }
}
