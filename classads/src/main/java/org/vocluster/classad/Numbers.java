package org.vocluster.classad;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers as C's printf and strtod have them. */
final class Numbers {
  private static final MathContext SIXTEEN = new MathContext(16, RoundingMode.HALF_EVEN);

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
    if (startsWith(s, i, "infinity")) {
      return new Prefix(sign * Double.POSITIVE_INFINITY, i + 8);
    }
    if (startsWith(s, i, "inf")) {
      return new Prefix(sign * Double.POSITIVE_INFINITY, i + 3);
    }
    if (startsWith(s, i, "nan")) {
      int end = i + 3;
      if (end < n && s.charAt(end) == '(') {
        int k = end + 1;
        while (k < n
            && (Lexer.isAlpha(s.charAt(k)) || Lexer.isDigit(s.charAt(k)) || s.charAt(k) == '_')) {
          k++;
        }
        end = k < n && s.charAt(k) == ')' ? k + 1 : end;
      }
      return new Prefix(Double.NaN, end);
    }
    if (startsWith(s, i, "0x")) {
      Prefix hex = hexadecimal(s, i, sign);
      if (hex.length() > 0) {
        return hex;
      }
    }
    int digits = i;
    while (i < n && Lexer.isDigit(s.charAt(i))) {
      i++;
    }
    int count = i - digits;
    if (i < n && s.charAt(i) == '.') {
      int k = i + 1;
      while (k < n && Lexer.isDigit(s.charAt(k))) {
        k++;
      }
      count += k - i - 1;
      i = count > 0 ? k : i;
    }
    if (count == 0) {
      return new Prefix(0, 0);
    }
    if (i < n && (s.charAt(i) | 32) == 'e') {
      int k = i + 1;
      if (k < n && (s.charAt(k) == '-' || s.charAt(k) == '+')) {
        k++;
      }
      int exponent = k;
      while (k < n && Lexer.isDigit(s.charAt(k))) {
        k++;
      }
      i = k > exponent ? k : i;
    }
    return new Prefix(Double.parseDouble(s.substring(from, i)), i);
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
    String mantissa = s.substring(from, i);
    String exponent = "p0";
    if (i < n && (s.charAt(i) | 32) == 'p') {
      int k = i + 1;
      if (k < n && (s.charAt(k) == '-' || s.charAt(k) == '+')) {
        k++;
      }
      int first = k;
      while (k < n && Lexer.isDigit(s.charAt(k))) {
        k++;
      }
      if (k > first) {
        exponent = s.substring(i, k);
        i = k;
      }
    }
    return new Prefix(sign * Double.parseDouble(mantissa + exponent), i);
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
      Sixteen quick = quick(v);
      if (quick != null) {
        return quick;
      }
      BigDecimal rounded = new BigDecimal(v).round(SIXTEEN);
      long digits = rounded.unscaledValue().longValueExact();
      int exponent = rounded.precision() - 1 - rounded.scale();
      while (digits < LEAST) {
        digits *= 10;
      }
      return new Sixteen(digits, exponent);
    }

    /**
     * The shortest decimal U / 10^k that reads as v, corrected by what v * 10^k - U is, which fused
     * multiply-add gives exactly; null where that is not certain.
     */
    private static @Nullable Sixteen quick(double v) {
      if (v < 1e-5 || v >= 1e15) {
        return null;
      }
      String shortest = Double.toString(v);
      long units = 0;
      int decimals = -1;
      int scale = 0;
      for (int i = 0; i < shortest.length(); i++) {
        char c = shortest.charAt(i);
        if (c == '.') {
          decimals = 0;
        } else if (c == 'E') {
          scale = Integer.parseInt(shortest, i + 1, shortest.length(), 10);
          break;
        } else {
          units = units * 10 + (c - '0');
          decimals += decimals >= 0 ? 1 : 0;
          if (units >= EXACT) {
            return null;
          }
        }
      }
      while (units % 10 == 0) {
        units /= 10;
        decimals--;
      }
      int k = decimals - scale;
      if (k < 0) {
        units *= POWERS[-k];
        k = 0;
      }
      if (k > 22 || units >= EXACT) {
        return null;
      }
      int length = 1;
      while (length < 17 && units >= POWERS[length]) {
        length++;
      }
      double factor = k < POWERS.length ? (double) POWERS[k] : Double.parseDouble("1e" + k);
      double product = v * factor;
      double rest = (product - units) + Math.fma(v, factor, -product);
      double correction = rest * POWERS[16 - length];
      double whole = Math.rint(correction);
      if (Math.abs(Math.abs(correction - whole) - 0.5) < 1e-6 || Math.abs(whole) > 100) {
        return null;
      }
      long digits = units * POWERS[16 - length] + (long) whole;
      return digits < LEAST || digits >= 10 * LEAST ? null : new Sixteen(digits, length - 1 - k);
    }
  }

  private static final long EXACT = 1L << 53;
  private static final long LEAST = 1_000_000_000_000_000L;
  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  /** {@code %1.15E}, of a finite number other than nought. */
  static void scientific(StringBuilder out, double d) {
    if (d < 0) {
      out.append('-');
    }
    Sixteen s = Sixteen.of(d);
    int at = out.length();
    out.append(s.digits()).insert(at + 1, '.');
    exponent(out, s.exponent());
  }

  private static void exponent(StringBuilder out, int exponent) {
    out.append('E').append(exponent < 0 ? '-' : '+');
    int e = Math.abs(exponent);
    if (e < 10) {
      out.append('0');
    }
    out.append(e);
  }

  /** {@code %.16G}, of a finite number other than nought. */
  static void general(StringBuilder out, double d) {
    if (d < 0) {
      out.append('-');
    }
    Sixteen s = Sixteen.of(d);
    general(out, Long.toString(s.digits()), s.exponent(), 16);
  }

  /** {@code %.<precision>g}, of a finite number. */
  static String general(double d, int precision) {
    if (d == 0) {
      return 1 / d < 0 ? "-0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(d)).round(new MathContext(precision, RoundingMode.HALF_EVEN));
    StringBuilder out = new StringBuilder(24);
    if (d < 0) {
      out.append('-');
    }
    String digits = rounded.unscaledValue().toString();
    general(out, digits, digits.length() - 1 - rounded.scale(), precision);
    return out.toString().replace('E', 'e');
  }

  private static void general(StringBuilder out, String digits, int exponent, int precision) {
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
    } else if (exponent < 0) {
      out.append("0.");
      for (int i = -1; i > exponent; i--) {
        out.append('0');
      }
      out.append(digits, 0, last);
    } else if (last <= exponent + 1) {
      out.append(digits, 0, last);
      for (int i = last; i <= exponent; i++) {
        out.append('0');
      }
    } else {
      out.append(digits, 0, exponent + 1).append('.').append(digits, exponent + 1, last);
    }
  }
}
