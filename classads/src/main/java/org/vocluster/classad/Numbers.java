package org.vocluster.classad;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

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

  /** {@code %1.15E}, of a finite number other than nought. */
  static void scientific(StringBuilder out, double d) {
    if (d < 0) {
      out.append('-');
    }
    BigDecimal rounded = new BigDecimal(Math.abs(d)).round(SIXTEEN);
    String digits = rounded.unscaledValue().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    out.append(digits.charAt(0)).append('.').append(digits, 1, Math.min(16, digits.length()));
    for (int i = digits.length(); i < 16; i++) {
      out.append('0');
    }
    exponent(out, exponent);
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
    out.append(general(d, 16, true));
  }

  /** {@code %.<precision>g} or G. */
  static String general(double d, int precision, boolean upper) {
    if (d == 0) {
      return 1 / d < 0 ? "-0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(d))
            .round(precision == 16 ? SIXTEEN : new MathContext(precision, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    int last = digits.length();
    while (last > 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    StringBuilder out = new StringBuilder(24);
    if (d < 0) {
      out.append('-');
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
    String s = out.toString();
    return upper ? s : s.replace('E', 'e');
  }
}
