package org.vocluster.sizing.queue;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One string for values that are spelt alike, found without making a string of the bytes that the
 * log has. It holds what was seen lately and is no place to keep anything: any call may clear it.
 */
final class SharedStrings {
  private static final int SMALLEST = 1 << 10;

  /** Values that all jobs have of their own, as times are, would otherwise be kept for ever. */
  private static final int MOST = 1 << 16;

  private @Nullable String[] strings = new @Nullable String[SMALLEST];
  private int count;

  void clear() {
    strings = new @Nullable String[SMALLEST];
    count = 0;
  }

  /** The string that these bytes of UTF-8 are. */
  String of(byte[] buffer, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      if (buffer[i] < 0) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
      }
      h = h * 31 + buffer[i];
    }
    int mask = strings.length - 1;
    int at = (h ^ h >>> 16) & mask;
    while (true) {
      String known = strings[at];
      if (known == null) {
        break;
      }
      if (known.hashCode() == h && same(known, buffer, from, to)) {
        return known;
      }
      at = (at + 1) & mask;
    }
    String fresh = new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    if (count >= MOST) {
      clear();
    }
    enter(fresh);
    return fresh;
  }

  private void enter(String fresh) {
    if (++count * 2 > strings.length) {
      @Nullable String[] old = strings;
      strings = new @Nullable String[old.length * 2];
      for (String string : old) {
        if (string != null) {
          place(string);
        }
      }
    }
    place(fresh);
  }

  private void place(String string) {
    int mask = strings.length - 1;
    int h = string.hashCode();
    int at = (h ^ h >>> 16) & mask;
    while (strings[at] != null) {
      at = (at + 1) & mask;
    }
    strings[at] = string;
  }

  private static boolean same(String string, byte[] buffer, int from, int to) {
    if (string.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (string.charAt(i - from) != buffer[i]) {
        return false;
      }
    }
    return true;
  }
}
