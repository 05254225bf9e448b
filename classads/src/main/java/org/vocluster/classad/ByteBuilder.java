package org.vocluster.classad;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Byte text under construction: what StringBuilder is for chars, of chars 0 to 255 only. */
final class ByteBuilder {
  private byte[] bytes;
  private int length;

  ByteBuilder() {
    this(64);
  }

  ByteBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  char charAt(int index) {
    return (char) (bytes[index] & 0xFF);
  }

  void setCharAt(int index, char c) {
    bytes[index] = (byte) c;
  }

  /** Forgets what comes after the first bytes. */
  void truncate(int newLength) {
    length = newLength;
  }

  private void reserve(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
    }
  }

  ByteBuilder append(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  ByteBuilder append(String text) {
    return append(text, 0, text.length());
  }

  @SuppressWarnings("deprecation") // that method drops the upper half of chars, which is empty here
  ByteBuilder append(String text, int from, int to) {
    reserve(to - from);
    text.getBytes(from, to, bytes, length);
    length += to - from;
    return this;
  }

  ByteBuilder append(boolean value) {
    return append(value ? "true" : "false");
  }

  ByteBuilder append(long number) {
    if (number < 0) {
      if (number == Long.MIN_VALUE) {
        return append("-9223372036854775808");
      }
      append('-');
      return digits(-number);
    }
    return digits(number);
  }

  private ByteBuilder digits(long number) {
    int n = 1;
    for (long bound = 10; n < 19 && number >= bound; n++) {
      bound *= 10;
    }
    reserve(n);
    int at = length + n;
    length = at;
    long rest = number;
    while (rest > Integer.MAX_VALUE) {
      long tenth = rest / 10;
      bytes[--at] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    int small = (int) rest;
    do {
      int tenth = small / 10;
      bytes[--at] = (byte) ('0' + (small - tenth * 10));
      small = tenth;
    } while (small > 0);
    return this;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** The text this byte text stands for, see {@link ByteText}. */
  String toText() {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : ByteText.toText(toString());
  }

  /** The byte text, a char for each byte. */
  @Override
  public String toString() {
    return ByteText.fromArray(bytes, 0, length);
  }
}
