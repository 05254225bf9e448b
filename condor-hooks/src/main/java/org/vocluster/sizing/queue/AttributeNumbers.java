package org.vocluster.sizing.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers, from 0, for attribute names, found without making a string of the bytes that the log
 * has. Names ignore the case of ASCII letters, as ClassAds do. For {@link AttributeUses}, which
 * asks for each line of the log that has an attribute; no number is ever taken back.
 */
final class AttributeNumbers {
  static final int UNKNOWN = -1;

  private final List<String> names = new ArrayList<>();
  private byte[][] folded = new byte[64][];

  /** 1 + the number of the name with that hash; 0 is free. */
  private int[] table = new int[256];

  String name(int number) {
    return names.get(number);
  }

  int size() {
    return names.size();
  }

  /** The number of this name, a new one if it has none. */
  int add(String name) {
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int known = find(bytes, 0, bytes.length);
    if (known != UNKNOWN) {
      return known;
    }
    int number = names.size();
    names.add(name);
    if (number == folded.length) {
      folded = Arrays.copyOf(folded, number * 2);
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = fold(bytes[i]);
    }
    folded[number] = bytes;
    if (names.size() * 2 > table.length) {
      table = new int[table.length * 2];
      for (int i = 0; i < number; i++) {
        enter(i);
      }
    }
    enter(number);
    return number;
  }

  int find(String name) {
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return find(bytes, 0, bytes.length);
  }

  int find(byte[] buffer, int from, int to) {
    int mask = table.length - 1;
    int at = hash(buffer, from, to) & mask;
    while (table[at] != 0) {
      int number = table[at] - 1;
      if (same(folded[number], buffer, from, to)) {
        return number;
      }
      at = (at + 1) & mask;
    }
    return UNKNOWN;
  }

  private void enter(int number) {
    int mask = table.length - 1;
    byte[] name = folded[number];
    int at = hash(name, 0, name.length) & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = number + 1;
  }

  private static boolean same(byte[] name, byte[] buffer, int from, int to) {
    if (name.length != to - from) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (name[i] != fold(buffer[from + i])) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] buffer, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      h = h * 31 + fold(buffer[i]);
    }
    return (h * 0x9E3779B9) >>> 16;
  }

  private static byte fold(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }
}
