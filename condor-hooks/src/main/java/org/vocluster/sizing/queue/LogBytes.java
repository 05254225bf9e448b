package org.vocluster.sizing.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds lines, words and numbers in the bytes of job_queue.log, for {@link LogWalk} and {@link
 * LogCursor}. Makes no strings: most of what it is asked about is passed over.
 */
final class LogBytes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private LogBytes() {}

  /** The first line feed, or {@code to}; eight bytes at a time. */
  static int newline(byte[] buffer, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) LONGS.get(buffer, i) ^ NEWLINES;
      long found = (word - ONES) & ~word & HIGHS;
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < to && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  /** A decimal number, or -1 where there is none or it is too large. */
  static int number(byte[] buffer, int from, int to) {
    if (from >= to || to - from > 10) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  static int skipBlanks(byte[] buffer, int from, int end) {
    int i = from;
    while (i < end && isBlank(buffer[i])) {
      i++;
    }
    return i;
  }

  static int wordEnd(byte[] buffer, int from, int end) {
    int i = from;
    while (i < end && !isBlank(buffer[i])) {
      i++;
    }
    return i;
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }
}
