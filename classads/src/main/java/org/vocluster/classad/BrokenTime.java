package org.vocluster.classad;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.Locale;

/**
 * C's {@code struct tm} and strftime() of it in the C locale, glibc's extensions included. The
 * fields are printed as they are, even if they are out of range.
 */
record BrokenTime(
    int year,
    int month,
    int day,
    int hour,
    int minute,
    int second,
    int weekday,
    int yearday,
    ZoneId zone) {

  private static final String[] DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };
  private static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };

  /** Room that formatTime() gives to the text; what does not fit is not there at all. */
  private static final int MAX_LENGTH = 1022;

  static BrokenTime of(LocalDateTime t, ZoneId zone) {
    return of(
        t.getYear(),
        t.getMonthValue(),
        t.getDayOfMonth(),
        t.getHour(),
        t.getMinute(),
        t.getSecond(),
        zone);
  }

  static BrokenTime of(
      int year, int month, int day, int hour, int minute, int second, ZoneId zone) {
    int fixed = fixed(year, month, day);
    return new BrokenTime(
        year, month, day, hour, minute, second, fixed % 7, fixed - fixed(year, 1, 1), zone);
  }

  /** fixed_from_gregorian() with C's int arithmetic. */
  private static int fixed(int year, int month, int day) {
    int y = year - 1;
    int adjustment = month <= 2 ? 0 : isLeap(year) ? -1 : -2;
    return 365 * y + y / 4 - y / 100 + y / 400 + (367 * month - 362) / 12 + adjustment + day;
  }

  private static boolean isLeap(int year) {
    int m = year % 400;
    return year % 4 == 0 && m != 100 && m != 200 && m != 300;
  }

  String format(String format) {
    StringBuilder out = new StringBuilder();
    format(format, out, false);
    return out.length() > MAX_LENGTH ? "" : out.toString();
  }

  private void format(String f, StringBuilder out, boolean upperAll) {
    for (int i = 0; i < f.length(); i++) {
      char c = f.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int from = i++;
      char pad = 0;
      boolean upper = upperAll;
      boolean swap = false;
      while (i < f.length() && "_-0^#+".indexOf(f.charAt(i)) >= 0) {
        switch (f.charAt(i)) {
          case '^' -> upper = true;
          case '#' -> swap = true;
          default -> pad = f.charAt(i);
        }
        i++;
      }
      int width = -1;
      while (i < f.length() && Lexer.isDigit(f.charAt(i))) {
        width = Math.min(100_000, Math.max(width, 0) * 10 + (f.charAt(i) - '0'));
        i++;
      }
      if (i < f.length() && (f.charAt(i) == 'E' || f.charAt(i) == 'O')) {
        i++;
      }
      if (i >= f.length()) {
        out.append(f, from, f.length());
        return;
      }
      int at = out.length();
      if (!conversion(f.charAt(i), out, pad, width, upper, swap)) {
        out.setLength(at);
        out.append(f, from, i + 1);
      }
      if (out.length() > 200_000) {
        return;
      }
    }
  }

  private boolean conversion(
      char c, StringBuilder out, char pad, int width, boolean upper, boolean swap) {
    int hour12 = hour > 12 ? hour - 12 : hour == 0 ? 12 : hour;
    switch (c) {
      case '%' -> text("%", out, pad, width, false);
      case 'n' -> text("\n", out, pad, width, false);
      case 't' -> text("\t", out, pad, width, false);
      case 'a' -> text(name(DAYS, weekday, 3), out, pad, width, upper || swap);
      case 'A' -> text(name(DAYS, weekday, 0), out, pad, width, upper || swap);
      case 'b', 'h' -> text(name(MONTHS, month - 1, 3), out, pad, width, upper || swap);
      case 'B' -> text(name(MONTHS, month - 1, 0), out, pad, width, upper || swap);
      case 'c' -> composed("%a %b %e %H:%M:%S %Y", out, pad, width, upper);
      case 'D', 'x' -> composed("%m/%d/%y", out, pad, width, upper);
      case 'F' -> composed("%Y-%m-%d", out, pad, width, upper);
      case 'r' -> composed("%I:%M:%S %p", out, pad, width, upper);
      case 'R' -> composed("%H:%M", out, pad, width, upper);
      case 'T', 'X' -> composed("%H:%M:%S", out, pad, width, upper);
      case 'C' -> number(Math.floorDiv(year, 100), 2, '0', out, pad, width);
      case 'd' -> number(day, 2, '0', out, pad, width);
      case 'e' -> number(day, 2, '_', out, pad, width);
      case 'H' -> number(hour, 2, '0', out, pad, width);
      case 'k' -> number(hour, 2, '_', out, pad, width);
      case 'I' -> number(hour12, 2, '0', out, pad, width);
      case 'l' -> number(hour12, 2, '_', out, pad, width);
      case 'j' -> number(yearday + 1, 3, '0', out, pad, width);
      case 'm' -> number(month, 2, '0', out, pad, width);
      case 'M' -> number(minute, 2, '0', out, pad, width);
      case 'S' -> number(second, 2, '0', out, pad, width);
      case 's' -> number(epoch(), 1, '0', out, pad, width);
      case 'u' -> number(Math.floorMod(weekday - 1, 7) + 1, 1, '0', out, pad, width);
      case 'w' -> number(weekday, 1, '0', out, pad, width);
      case 'U' -> number((yearday - weekday + 7) / 7, 2, '0', out, pad, width);
      case 'W' ->
          number((yearday - Math.floorMod(weekday - 1, 7) + 7) / 7, 2, '0', out, pad, width);
      case 'V' -> number(isoWeek()[1], 2, '0', out, pad, width);
      case 'G' -> number(isoWeek()[0], 1, '0', out, pad, width);
      case 'g' -> number(Math.floorMod(isoWeek()[0], 100), 2, '0', out, pad, width);
      case 'y' -> number(Math.floorMod(year, 100), 2, '0', out, pad, width);
      case 'Y' -> number(year, 1, '0', out, pad, width);
      case 'p' -> {
        String half = hour > 11 ? "PM" : "AM";
        text(swap ? half.toLowerCase(Locale.ROOT) : half, out, pad, width, upper && !swap);
      }
      case 'P' -> text(hour > 11 ? "pm" : "am", out, pad, width, upper);
      case 'z' -> text("+0000", out, pad, width, false);
      case 'Z' -> {
        String z =
            zone.getRules().isFixedOffset() && zone.getId().startsWith("Etc/")
                ? "UTC"
                : shortZone();
        text(swap ? z.toLowerCase(Locale.ROOT) : z, out, pad, width, upper && !swap);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private String shortZone() {
    return zone.getId().equals("Z") ? "UTC" : zone.getDisplayName(TextStyle.SHORT, Locale.ROOT);
  }

  private long epoch() {
    int[] tm = {year - 1900, month - 1, day, hour, minute, second};
    return Times.mktime(Times.utc(tm), zone);
  }

  private static String name(String[] names, int i, int length) {
    if (i < 0 || i >= names.length) {
      return "?";
    }
    return length == 0 ? names[i] : names[i].substring(0, length);
  }

  private void composed(String f, StringBuilder out, char pad, int width, boolean upper) {
    StringBuilder b = new StringBuilder();
    format(f, b, upper);
    text(b.toString(), out, pad, width, false);
  }

  private static void text(String s, StringBuilder out, char pad, int width, boolean upper) {
    if (pad != '-') {
      for (int i = s.length(); i < width; i++) {
        out.append(pad == '0' || pad == '+' ? '0' : ' ');
      }
    }
    out.append(upper ? s.toUpperCase(Locale.ROOT) : s);
  }

  private static void number(
      long value, int digits, char ownPad, StringBuilder out, char pad, int width) {
    char p = pad == 0 ? ownPad : pad;
    String s = Long.toString(Math.abs(value));
    boolean negative = value < 0;
    if (p == '-') {
      out.append(negative ? "-" : "").append(s);
      return;
    }
    int total = Math.max(width, negative ? digits + 1 : digits);
    int fill = total - s.length() - (negative ? 1 : 0);
    if (p == '_') {
      for (int i = 0; i < fill; i++) {
        out.append(' ');
      }
      out.append(negative ? "-" : "").append(s);
    } else {
      out.append(negative ? "-" : "");
      for (int i = 0; i < fill; i++) {
        out.append('0');
      }
      out.append(s);
    }
  }

  /** The ISO 8601 year and week, from year, yearday and weekday alone. */
  private int[] isoWeek() {
    int y = year;
    int days = isoDays(yearday, weekday);
    if (days < 0) {
      y--;
      days = isoDays(yearday + (isLeap(y) ? 366 : 365), weekday);
    } else {
      int next = isoDays(yearday - (isLeap(y) ? 366 : 365), weekday);
      if (next >= 0) {
        y++;
        days = next;
      }
    }
    return new int[] {y, days / 7 + 1};
  }

  private static int isoDays(int yearday, int weekday) {
    int big = 3 * 7; // enough to keep the remainder positive
    return yearday - (yearday - weekday + 4 + big) % 7 + 4 - 1;
  }
}
