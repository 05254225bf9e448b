package org.vocluster.classad;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as C's printf and strtod have them. */
final class Numbers {
  private Numbers() {}

  /**
   * What strtod() finds at the start of a text.
   *
   * @param length of the text it used, leading white space included; 0 if there is no number
   */
  record Prefix(double value, int length) {}

  static Prefix strtod(String s) {
    int i = 0;
    int n = s.length();
    while (i < n && Lexer.isSpace(s.charAt(i))) {
      i++;
    }
    int from = i;
    boolean negative = i < n && s.charAt(i) == '-';
    if (i < n && (s.charAt(i) == '-' || s.charAt(i) == '+')) {
      i++;
    }
    double sign = negative ? -1 : 1;
    if (startsWith(s, i, "inf")) {
      int end = startsWith(s, i, "infinity") ? i + 8 : i + 3;
      return new Prefix(sign * Double.POSITIVE_INFINITY, end);
    }
    if (startsWith(s, i, "nan")) {
      return new Prefix(Double.NaN, pastNan(s, i));
    }
    if (startsWith(s, i, "0x")) {
      Prefix hex = hexadecimal(s, i, sign);
      if (hex.length() > 0) {
        return hex;
      }
    }
    int digits = i;
    i = pastDigits(s, i);
    int count = i - digits;
    if (i < n && s.charAt(i) == '.') {
      int k = pastDigits(s, i + 1);
      count += k - i - 1;
      i = count > 0 ? k : i;
    }
    if (count == 0) {
      return new Prefix(0, 0);
    }
    int end = pastExponent(s, i, 'e');
    return new Prefix(Double.parseDouble(s.substring(from, end)), end);
  }

  private static int pastDigits(String s, int from) {
    int i = from;
    while (i < s.length() && Lexer.isDigit(s.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Past the letter with a sign, perhaps, and digits; where it began if they are not all there. */
  private static int pastExponent(String s, int from, char letter) {
    int n = s.length();
    if (from >= n || (s.charAt(from) | 32) != letter) {
      return from;
    }
    int digits = from + 1;
    if (digits < n && (s.charAt(digits) == '-' || s.charAt(digits) == '+')) {
      digits++;
    }
    int end = pastDigits(s, digits);
    return end > digits ? end : from;
  }

  /** Past {@code nan}, or {@code nan(letters_and_digits)}. */
  private static int pastNan(String s, int from) {
    int n = s.length();
    int end = from + 3;
    if (end == n || s.charAt(end) != '(') {
      return end;
    }
    int k = end + 1;
    while (k < n
        && (Lexer.isAlpha(s.charAt(k)) || Lexer.isDigit(s.charAt(k)) || s.charAt(k) == '_')) {
      k++;
    }
    return k < n && s.charAt(k) == ')' ? k + 1 : end;
  }

  /**
   * Whether glibc's sscanf() finds a number where strtod() does. It reads ahead and gives nothing
   * back: what begins as infinity, nan(...) or a hexadecimal number has to go on as one.
   */
  static boolean isScannable(String s) {
    int i = 0;
    while (i < s.length() && (Lexer.isSpace(s.charAt(i)) || "+-".indexOf(s.charAt(i)) >= 0)) {
      i++;
    }
    if (startsWith(s, i, "infi")) {
      return startsWith(s, i, "infinity");
    }
    if (startsWith(s, i, "nan(")) {
      return strtod(s).length() > i + 3;
    }
    if (startsWith(s, i, "0x")) {
      return i + 2 < s.length()
          && (s.charAt(i + 2) == '.' || Character.digit(s.charAt(i + 2), 16) >= 0);
    }
    return true;
  }

  private static Prefix hexadecimal(String s, int from, double sign) {
    int i = from + 2;
    int n = s.length();
    int digits = i;
    while (i < n && Character.digit(s.charAt(i), 16) >= 0) {
      i++;
    }
    int count = i - digits;
    if (i < n && s.charAt(i) == '.') {
      int k = i + 1;
      while (k < n && Character.digit(s.charAt(k), 16) >= 0) {
        k++;
      }
      count += k - i - 1;
      i = count > 0 ? k : i;
    }
    if (count == 0) {
      return new Prefix(0, 0);
    }
    int end = pastExponent(s, i, 'p');
    // Java wants a binary exponent where C does not.
    String number = end > i ? s.substring(from, end) : s.substring(from, i) + "p0";
    return new Prefix(sign * Double.parseDouble(number), end);
  }

  private static boolean startsWith(String s, int at, String lower) {
    return s.regionMatches(true, at, lower, 0, lower.length());
  }

  /**
   * A finite number other than nought, rounded to sixteen digits.
   *
   * @param digits the digits as an integer from 10^15 to 10^16 - 1
   * @param exponent of ten, of the first digit
   */
  private record Sixteen(long digits, int exponent) {
    static Sixteen of(double d) {
      double v = Math.abs(d);
      return v >= TENS[0] && v < TENS[TENS.length - 1] ? quick(v) : exact(v);
    }

    /** In whole numbers of 128 bits: v is m / 2^k, and m * 5^(15 - exponent) fits. */
    private static Sixteen quick(double v) {
      long bits = Double.doubleToRawLongBits(v);
      int log2 = (int) (bits >>> 52) - 1023;
      // The logarithm is at most one too low.
      int exponent = (log2 * 1233) >> 12;
      if (v >= TENS[exponent + 1 + LOWEST]) {
        exponent++;
      }
      long mantissa = (bits & ((1L << 52) - 1)) | (1L << 52);
      while (true) {
        int scale = 15 - exponent;
        long high = Math.multiplyHigh(mantissa, FIVES[scale]);
        long low = mantissa * FIVES[scale];
        int shift = 52 - log2 - scale;
        long digits = (high << (64 - shift)) | (low >>> shift);
        if (digits < LEAST) {
          // The power of ten itself is more than its double.
          exponent--;
          continue;
        }
        long rest = low & ((1L << shift) - 1);
        long half = 1L << (shift - 1);
        if (rest > half || (rest == half && (digits & 1) == 1)) {
          digits++;
        }
        return digits == 10 * LEAST
            ? new Sixteen(LEAST, exponent + 1)
            : new Sixteen(digits, exponent);
      }
    }

    private static Sixteen exact(double v) {
      BigDecimal rounded = new BigDecimal(v).round(new MathContext(16, RoundingMode.HALF_EVEN));
      long digits = rounded.unscaledValue().longValueExact();
      int exponent = rounded.precision() - 1 - rounded.scale();
      while (digits < LEAST) {
        digits *= 10;
      }
      return new Sixteen(digits, exponent);
    }
  }

  private static final long LEAST = 1_000_000_000_000_000L;

  /** From 10^-LOWEST to 10^15: between them a number's digits are found in whole numbers. */
  private static final double[] TENS = {
    1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4,
    1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private static final int LOWEST = 11;

  private static final long[] FIVES = new long[17 + LOWEST];

  static {
    FIVES[0] = 1;
    for (int i = 1; i < FIVES.length; i++) {
      FIVES[i] = FIVES[i - 1] * 5;
    }
  }

  /** {@code %1.15E}, of a finite number other than nought. */
  static void scientific(ByteBuilder out, double d) {
    if (d < 0) {
      out.append('-');
    }
    Sixteen s = Sixteen.of(d);
    String digits = Long.toString(s.digits());
    out.append(digits.charAt(0)).append('.').append(digits, 1, digits.length());
    exponent(out, s.exponent());
  }

  private static void exponent(ByteBuilder out, int exponent) {
    out.append('E').append(exponent < 0 ? '-' : '+');
    int e = Math.abs(exponent);
    if (e < 10) {
      out.append('0');
    }
    out.append(e);
  }

  /**
   * {@code %.16G}, of a finite number other than nought.
   *
   * @return whether there is a point or an exponent in it
   */
  static boolean general(ByteBuilder out, double d) {
    if (d < 0) {
      out.append('-');
    }
    Sixteen s = Sixteen.of(d);
    return general(out, Long.toString(s.digits()), s.exponent(), 16);
  }

  /** {@code %.<precision>g}, of a finite number. */
  static String general(double d, int precision) {
    if (d == 0) {
      return 1 / d < 0 ? "-0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(d)).round(new MathContext(precision, RoundingMode.HALF_EVEN));
    ByteBuilder out = new ByteBuilder();
    if (d < 0) {
      out.append('-');
    }
    String digits = rounded.unscaledValue().toString();
    boolean _ = general(out, digits, digits.length() - 1 - rounded.scale(), precision);
    return out.toString().replace('E', 'e');
  }

  private static boolean general(ByteBuilder out, String digits, int exponent, int precision) {
    int last = digits.length();
    while (last > 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    if (exponent < -4 || exponent >= precision) {
      out.append(digits.charAt(0));
      if (last > 1) {
        out.append('.').append(digits, 1, last);
      }
      exponent(out, exponent);
      return true;
    }
    if (exponent < 0) {
      out.append("0.");
      for (int i = -1; i > exponent; i--) {
        out.append('0');
      }
      out.append(digits, 0, last);
      return true;
    }
    if (last > exponent + 1) {
      out.append(digits, 0, exponent + 1).append('.').append(digits, exponent + 1, last);
      return true;
    }
    out.append(digits, 0, last);
    for (int i = last; i <= exponent; i++) {
      out.append('0');
    }
    return false;
  }
}
