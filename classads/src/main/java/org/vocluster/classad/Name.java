package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/**
 * An attribute's name as written, with the hash of its case-folded form. Recently used names are
 * shared, so that most comparisons end at identity; the cache is a fixed table in which writers may
 * overwrite each other without harm.
 */
final class Name {
  private static final int CACHE_SIZE = 1 << 13;
  private static final @Nullable Name[] CACHE = new @Nullable Name[CACHE_SIZE];

  final String text;
  final int hash;

  /**
   * The first eight bytes as an unsigned number, which mostly decides which of two names comes
   * first.
   */
  final long prefix;

  private Name(String text, int hash) {
    this.text = text;
    this.hash = hash;
    long p = 0;
    for (int i = 0; i < 8; i++) {
      p = (p << 8) | (i < text.length() ? text.charAt(i) : 0);
    }
    this.prefix = p;
  }

  /** The name with these bytes. */
  static Name of(String text) {
    int h = 0;
    int exact = 0;
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i);
      h = h * 31 + fold(c);
      exact = exact * 31 + c;
    }
    h = spread(h);
    int slot = spread(exact) & CACHE_SIZE - 1;
    Name cached = CACHE[slot];
    if (cached != null && cached.hash == h && cached.text.equals(text)) {
      return cached;
    }
    Name name = new Name(text, h);
    CACHE[slot] = name;
    return name;
  }

  /** The name spelt by the bytes from..to of the buffer. */
  static Name of(byte[] buffer, int from, int to) {
    int h = 0;
    int exact = 0;
    for (int i = from; i < to; i++) {
      int c = buffer[i] & 0xFF;
      h = h * 31 + fold(c);
      exact = exact * 31 + c;
    }
    h = spread(h);
    int slot = spread(exact) & CACHE_SIZE - 1;
    Name cached = CACHE[slot];
    if (cached != null && cached.hash == h && same(cached.text, buffer, from, to)) {
      return cached;
    }
    Name name = new Name(ByteText.fromArray(buffer, from, to), h);
    CACHE[slot] = name;
    return name;
  }

  static boolean same(String text, byte[] buffer, int from, int to) {
    int n = to - from;
    if (text.length() != n) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if (text.charAt(i) != (buffer[from + i] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** Equal but for the case of ASCII letters. */
  boolean matches(Name other) {
    return this == other || (hash == other.hash && equalsIgnoreCase(text, other.text));
  }

  static int fold(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  @SuppressWarnings("ReferenceEquality") // a short cut
  static boolean equalsIgnoreCase(String a, String b) {
    if (a == b) {
      return true;
    }
    int n = a.length();
    if (b.length() != n) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      if (fold(a.charAt(i)) != fold(b.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** strcasecmp in the C locale. */
  static int compareIgnoreCase(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      int d = fold(a.charAt(i)) - fold(b.charAt(i));
      if (d != 0) {
        return d;
      }
    }
    return a.length() - b.length();
  }

  private static int spread(int h) {
    h *= 0x9E3779B9;
    return h ^ h >>> 15;
  }

  @Override
  public String toString() {
    return text;
  }
}
