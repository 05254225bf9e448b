package org.vocluster.classad;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times as text (literals.cpp, util.cpp). */
final class Times {
  /** As far as Java's calendar reaches, almost. */
  private static final long MAX_SECONDS = 31_556_800_000_000_000L;

  private Times() {}

  /**
   * Reads {@code 2003-01-25T09:00:00-06:00} and whatever has its digits in that order; null if it
   * is no time.
   */
  static @Nullable Value parseAbsolute(String text, ZoneId local) {
    String s = text;
    int len = s.length();
    int i = len - 1;
    while (i >= 0 && Lexer.isSpace(s.charAt(i))) {
      i--;
    }
    boolean zoned = false;
    int zoneHours = 0;
    int zoneMinutes = 0;
    if (i > 0 && (s.charAt(i) | 32) == 'z') {
      zoned = true;
      s = s.substring(0, i) + s.substring(i + 1);
    } else {
      if (len > 6 && !isSign(s, len - 5) && isSign(s, len - 6) && s.charAt(len - 3) == ':') {
        s = s.substring(0, len - 3) + s.substring(len - 2);
        len--;
      } else if (!(len > 5 && isSign(s, len - 5))) {
        len = 0;
      }
      if (len > 5 && digits(s, len - 4, 4)) {
        zoned = true;
        int sign = s.charAt(len - 5) == '-' ? -1 : 1;
        zoneHours = sign * Integer.parseInt(s.substring(len - 4, len - 2));
        zoneMinutes = sign * Integer.parseInt(s.substring(len - 2, len));
        s = s.substring(0, len - 5);
      }
    }
    len = s.length();
    i = nextDigit(s, 0);
    if (i > len - 4) {
      return null;
    }
    int[] fields = new int[6];
    fields[0] = atoi(s, i, 4) - 1900;
    i = nextDigit(s, i + 4);
    for (int f = 1; f < 6; f++) {
      if (i <= len - 2) {
        fields[f] = atoi(s, i, 2) - (f == 1 ? 1 : 0);
        i += 2;
      }
      i = nextDigit(s, i);
    }
    if (i <= len - 1 && Lexer.isDigit(s.charAt(i))) {
      return null;
    }
    long asUtc = utc(fields);
    long local0 = mktime(asUtc, local);
    if (local0 == -1) {
      return null;
    }
    int offset = zoned ? zoneHours * 3600 + zoneMinutes * 60 : offsetAt(local0, local);
    if (offset == -1) {
      return null;
    }
    return new Value.AbsTime(local0 + standardOffsetAt(local0, local) - offset, offset);
  }

  private static boolean isSign(String s, int at) {
    return s.charAt(at) == '+' || s.charAt(at) == '-';
  }

  private static boolean digits(String s, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (!Lexer.isDigit(s.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int nextDigit(String s, int from) {
    int i = from;
    while (i < s.length() && !Lexer.isDigit(s.charAt(i))) {
      i++;
    }
    return i;
  }

  /** atoi() of a substring: the digits at its start. */
  private static int atoi(String s, int from, int count) {
    int v = 0;
    for (int i = from; i < from + count && i < s.length() && Lexer.isDigit(s.charAt(i)); i++) {
      v = v * 10 + (s.charAt(i) - '0');
    }
    return v;
  }

  /**
   * The seconds of year-1900, month from 0, day, hour, minute, second, each of which may be out of
   * range.
   */
  static long utc(int[] tm) {
    int months = tm[1];
    long year = tm[0] + 1900L + Math.floorDiv(months, 12);
    int month = Math.floorMod(months, 12) + 1;
    long days = java.time.LocalDate.of((int) year, month, 1).toEpochDay() + tm[2] - 1L;
    return days * 86400 + tm[3] * 3600L + tm[4] * 60L + tm[5];
  }

  /** mktime(): the instant at which local clocks, without daylight saving, show these seconds. */
  static long mktime(long asUtc, ZoneId zone) {
    LocalDateTime t = LocalDateTime.ofEpochSecond(asUtc, 0, ZoneOffset.UTC);
    int standard =
        zone.getRules()
            .getStandardOffset(t.toInstant(zone.getRules().getOffset(t)))
            .getTotalSeconds();
    return asUtc - standard;
  }

  static int offsetAt(long seconds, ZoneId zone) {
    return zone.getRules().getOffset(instant(seconds)).getTotalSeconds();
  }

  static int standardOffsetAt(long seconds, ZoneId zone) {
    return zone.getRules().getStandardOffset(instant(seconds)).getTotalSeconds();
  }

  /**
   * Reads {@code [-][days+][hh:]mm:ss.sss}, or with the letters d, h, m, s; null if it is no span.
   */
  static @Nullable Value parseRelative(String s) {
    Backward b = new Backward(s);
    double seconds = 0;
    int minutes = 0;
    int hours = 0;
    int days = 0;
    b.skipSpace();
    if (b.isLetter('s') || Lexer.isDigit(b.peek())) {
      if (b.isLetter('s')) {
        b.i--;
      }
      b.skipSpace();
      int to = b.i + 1;
      b.skipDigits();
      if (b.peek() == '.') {
        b.i--;
        b.skipDigits();
      }
      seconds = Numbers.strtod(s.substring(b.i + 1, to)).value();
    }
    b.skipSpace();
    if (b.isLetter('m') || b.peek() == ':') {
      minutes = b.number();
    }
    b.skipSpace();
    if (b.isLetter('h') || b.peek() == ':') {
      hours = b.number();
    }
    b.skipSpace();
    if (b.isLetter('d') || b.peek() == '+') {
      days = b.number();
    }
    b.skipSpace();
    boolean negative = b.peek() == '-';
    if (negative) {
      b.i--;
    }
    b.skipSpace();
    if (b.i >= 0) {
      return null;
    }
    double total = days * 86400 + hours * 3600 + minutes * 60 + seconds;
    return new Value.RelTime((negative ? -1 : 1) * total);
  }

  private static final class Backward {
    private final String s;
    private int i;

    Backward(String s) {
      this.s = s;
      this.i = s.length() - 1;
    }

    int peek() {
      return i >= 0 ? s.charAt(i) : -1;
    }

    boolean isLetter(char lower) {
      return (peek() | 32) == lower && Lexer.isAlpha(peek());
    }

    void skipSpace() {
      while (Lexer.isSpace(peek())) {
        i--;
      }
    }

    void skipDigits() {
      while (Lexer.isDigit(peek())) {
        i--;
      }
    }

    /** The number before the unit here; 0 if it is too large for an int. */
    int number() {
      i--;
      skipSpace();
      int to = i + 1;
      skipDigits();
      long v = 0;
      for (int k = i + 1; k < to; k++) {
        v = v * 10 + (s.charAt(k) - '0');
        if (v > Integer.MAX_VALUE) {
          return 0;
        }
      }
      return (int) v;
    }
  }

  static void print(ByteBuilder out, Value.AbsTime t) {
    LocalDateTime at = civil(t.seconds() + t.offset());
    out.append(at.getYear()).append('-');
    pad(out, at.getMonthValue(), 2);
    out.append('-');
    pad(out, at.getDayOfMonth(), 2);
    out.append('T');
    pad(out, at.getHour(), 2);
    out.append(':');
    pad(out, at.getMinute(), 2);
    out.append(':');
    pad(out, at.getSecond(), 2);
    long offset = Math.abs((long) t.offset());
    out.append(t.offset() > 0 ? '+' : '-');
    pad(out, offset / 3600, 2);
    out.append(':');
    pad(out, offset / 60 % 60, 2);
  }

  /** gmtime(), as far as Java's calendar reaches. */
  static LocalDateTime civil(long seconds) {
    return LocalDateTime.ofEpochSecond(bounded(seconds), 0, ZoneOffset.UTC);
  }

  private static Instant instant(long seconds) {
    return Instant.ofEpochSecond(bounded(seconds));
  }

  private static long bounded(long seconds) {
    return Math.max(-MAX_SECONDS, Math.min(MAX_SECONDS, seconds));
  }

  static void pad(ByteBuilder out, long value, int width) {
    String s = Long.toString(Math.abs(value));
    if (value < 0) {
      out.append('-');
    }
    for (int i = s.length() + (value < 0 ? 1 : 0); i < width; i++) {
      out.append('0');
    }
    out.append(s);
  }

  static void print(ByteBuilder out, Value.RelTime t) {
    double s = t.seconds();
    if (s < 0) {
      out.append('-');
      s = -s;
    }
    double fraction = s - Math.floor(s);
    int all = Operators.toInt(s);
    int hours = all % 86400;
    int minutes = hours % 3600;
    double seconds = minutes % 60 + fraction;
    int days = all / 86400;
    hours /= 3600;
    minutes /= 60;
    if (days != 0) {
      out.append(days).append('+');
    }
    if (days != 0 || hours != 0) {
      pad(out, hours, 2);
      out.append(':');
    }
    if (days != 0 || hours != 0 || minutes != 0) {
      pad(out, minutes, 2);
      out.append(':');
    }
    if (fraction == 0) {
      pad(out, Operators.toInt(seconds), 2);
    } else if (Double.isNaN(fraction)) {
      // Infinity minus infinity is x86's negative NaN.
      out.append(Double.isInfinite(s) ? "-nan" : "nan");
    } else {
      String g = Numbers.general(seconds, 6);
      if (g.length() < 2) {
        out.append('0');
      }
      out.append(g);
    }
  }
}
