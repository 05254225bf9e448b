package org.vocluster.classad;

import java.nio.charset.StandardCharsets;

/**
 * ClassAd strings are bytes. Inside the library text is a string of chars 0 to 255, one for each
 * byte; at its edge such text is UTF-8. A byte that is not part of valid UTF-8 becomes a lone
 * surrogate U+DC80..U+DCFF, so that nothing is lost on the way out and back in.
 */
final class ByteText {
  private ByteText() {}

  static String fromText(String text) {
    int n = text.length();
    for (int i = 0; i < n; i++) {
      if (text.charAt(i) >= 0x80) {
        return encode(text, i);
      }
    }
    return text;
  }

  static String toText(String bytes) {
    int n = bytes.length();
    for (int i = 0; i < n; i++) {
      if (bytes.charAt(i) >= 0x80) {
        return decode(bytes, i);
      }
    }
    return bytes;
  }

  static byte[] toArray(String bytes) {
    return bytes.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String fromArray(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static String encode(String text, int from) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out.append(c);
      } else if (c < 0x800) {
        out.append((char) (0xC0 | c >> 6)).append((char) (0x80 | (c & 0x3F)));
      } else if (c >= 0xDC80 && c <= 0xDCFF) {
        out.append((char) (c - 0xDC00));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int p = Character.toCodePoint(c, text.charAt(++i));
        out.append((char) (0xF0 | p >> 18))
            .append((char) (0x80 | (p >> 12 & 0x3F)))
            .append((char) (0x80 | (p >> 6 & 0x3F)))
            .append((char) (0x80 | (p & 0x3F)));
      } else {
        out.append((char) (0xE0 | c >> 12))
            .append((char) (0x80 | (c >> 6 & 0x3F)))
            .append((char) (0x80 | (c & 0x3F)));
      }
    }
    return out.toString();
  }

  private static String decode(String bytes, int from) {
    StringBuilder out = new StringBuilder(bytes.length()).append(bytes, 0, from);
    int i = from;
    while (i < bytes.length()) {
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        char c = bytes.charAt(i++);
        out.append(c < 0x80 ? c : (char) (0xDC00 + c));
        continue;
      }
      int c = bytes.charAt(i);
      int p = length == 2 ? c & 0x1F : length == 3 ? c & 0x0F : c & 0x07;
      for (int k = 1; k < length; k++) {
        p = p << 6 | (bytes.charAt(i + k) & 0x3F);
      }
      out.appendCodePoint(p);
      i += length;
    }
    return out.toString();
  }

  /** Length of the valid multi-byte sequence at i, or 0. */
  private static int sequenceLength(String bytes, int i) {
    int c = bytes.charAt(i);
    int length =
        c >= 0xF0 && c <= 0xF4 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC2 && c < 0xE0 ? 2 : 0;
    if (length == 0 || i + length > bytes.length()) {
      return 0;
    }
    for (int k = 1; k < length; k++) {
      if ((bytes.charAt(i + k) & 0xC0) != 0x80 || bytes.charAt(i + k) > 0xBF) {
        return 0;
      }
    }
    int second = bytes.charAt(i + 1);
    boolean overlong = (c == 0xE0 && second < 0xA0) || (c == 0xF0 && second < 0x90);
    boolean surrogate = c == 0xED && second > 0x9F;
    boolean tooHigh = c == 0xF4 && second > 0x8F;
    return overlong || surrogate || tooHigh ? 0 : length;
  }
}
