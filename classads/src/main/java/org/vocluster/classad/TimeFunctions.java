package org.vocluster.classad;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.AbsTime;
import org.vocluster.classad.Value.AdValue;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.Real;
import org.vocluster.classad.Value.RelTime;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Functions over times (fnCall.cpp). */
final class TimeFunctions {
  private TimeFunctions() {}

  static Value currentTime(Evaluation e) {
    long now = e.context.now();
    return new AbsTime(now, Times.offsetAt(now, e.context.zone()));
  }

  static Value timeZoneOffset(Evaluation e) {
    return new RelTime(Times.offsetAt(e.context.now(), e.context.zone()));
  }

  static Value dayTime(Evaluation e) {
    long now = e.context.now();
    return new RelTime(Math.floorMod(now + Times.offsetAt(now, e.context.zone()), 86400L));
  }

  static Value field(Builtin f, Value v, Evaluation e) {
    if (v instanceof AbsTime t) {
      LocalDateTime at = Times.civil(t.seconds() + Times.offsetAt(t.seconds(), e.context.zone()));
      return switch (f) {
        case GET_YEAR -> Int.of(at.getYear());
        case GET_MONTH -> Int.of(at.getMonthValue());
        case GET_DAY_OF_YEAR -> Int.of(at.getDayOfYear() - 1);
        case GET_DAY_OF_MONTH -> Int.of(at.getDayOfMonth());
        case GET_DAY_OF_WEEK -> Int.of(at.getDayOfWeek().getValue() % 7);
        case GET_HOURS -> Int.of(at.getHour());
        case GET_MINUTES -> Int.of(at.getMinute());
        case GET_SECONDS -> Int.of(at.getSecond());
        default -> Value.ERROR;
      };
    }
    if (v instanceof RelTime t) {
      int s = Operators.toInt(t.seconds());
      return switch (f) {
        case GET_DAYS -> Int.of(s / 86400);
        case GET_HOURS -> Int.of(s % 86400 / 3600);
        case GET_MINUTES -> Int.of(s % 3600 / 60);
        case GET_SECONDS -> Int.of(s % 60);
        default -> Value.ERROR;
      };
    }
    return Value.ERROR;
  }

  static Value splitTime(Value v, Evaluation e) {
    if (v instanceof Undefined) {
      return v;
    }
    ClassAd split = v instanceof AdValue ? null : split(v, e);
    return split == null ? Value.ERROR : new AdValue(new Scope(split, null), false);
  }

  /** doSplitTime(): null if the value is no time. */
  private static @Nullable ClassAd split(Value v, Evaluation e) {
    return switch (v) {
      case Int i -> {
        long seconds = e.modern ? i.value() : (int) i.value();
        yield split(new AbsTime(seconds, Times.offsetAt(seconds, e.context.zone())));
      }
      case Real r -> {
        long seconds = Operators.toInt(r.value());
        yield split(new AbsTime(seconds, Times.offsetAt(seconds, e.context.zone())));
      }
      case AbsTime t -> split(t);
      case RelTime t -> split(t);
      case AdValue a -> a.scope.ad;
      default -> null;
    };
  }

  private static ClassAd split(AbsTime t) {
    LocalDateTime at = Times.civil(t.seconds() + t.offset());
    return ClassAd.builder()
        .set("Type", "AbsoluteTime")
        .set("Year", at.getYear())
        .set("Month", at.getMonthValue())
        .set("Day", at.getDayOfMonth())
        .set("Hours", at.getHour())
        .set("Minutes", at.getMinute())
        .set("Seconds", at.getSecond())
        .set("Offset", t.offset())
        .build();
  }

  private static ClassAd split(RelTime t) {
    double s = Math.abs(t.seconds());
    int all = Operators.toInt(s);
    int days = all / 86400;
    int hours = all % 86400 / 3600;
    int minutes = all % 86400 % 3600 / 60;
    double seconds = all % 86400 % 3600 % 60 + (s - Math.floor(s));
    if (t.seconds() < 0) {
      if (days > 0) {
        days = -days;
      } else if (hours > 0) {
        hours = -hours;
      } else if (minutes > 0) {
        minutes = -minutes;
      } else {
        seconds = -seconds;
      }
    }
    return ClassAd.builder()
        .set("Type", "RelativeTime")
        .set("Days", days)
        .set("Hours", hours)
        .set("Minutes", minutes)
        .set("Seconds", new Real(seconds))
        .build();
  }

  static Value formatTime(Expr[] args, Evaluation e) {
    BrokenTime time;
    if (args.length == 0) {
      long now = e.context.now();
      time =
          BrokenTime.of(Times.civil(now + Times.offsetAt(now, e.context.zone())), e.context.zone());
    } else {
      Value v = args[0].eval(e);
      if (Evaluation.failed(v)) {
        return v;
      }
      ClassAd split = v instanceof RelTime ? null : split(v, e);
      if (split == null) {
        return Value.ERROR;
      }
      Scope scope = v instanceof AdValue a ? a.scope : new Scope(split, null);
      time =
          BrokenTime.of(
              part(scope, "Year", e, 1900),
              part(scope, "Month", e, 1),
              part(scope, "Day", e, 0),
              part(scope, "Hours", e, 0),
              part(scope, "Minutes", e, 0),
              part(scope, "Seconds", e, 0),
              e.context.zone());
    }
    String format = "%c";
    if (args.length == 2) {
      Value f = args[1].eval(e);
      if (!(f instanceof Str s)) {
        return Evaluation.failed(f) ? f : Value.ERROR;
      }
      format = s.bytes;
    }
    return new Str(time.format(format));
  }

  private static int part(Scope scope, String name, Evaluation e, int otherwise) {
    Expr expr = scope.ad.expr(name);
    Integer value = expr == null ? null : NumberFunctions.cInt(e.apart(scope, expr));
    return value == null ? otherwise : value;
  }

  static Value absTime(Value[] v, Evaluation e) {
    if (v.length == 0) {
      return currentTime(e);
    }
    Integer given = null;
    if (v.length == 2) {
      switch (v[1]) {
        case Int i -> given = (int) i.value();
        case Real r -> given = Operators.toInt(r.value());
        case RelTime t -> given = Operators.toInt(t.seconds());
        default -> {
          return Value.ERROR;
        }
      }
    }
    long seconds;
    switch (v[0]) {
      case Int i -> seconds = (int) i.value();
      case Real r -> seconds = Operators.toInt(r.value());
      case RelTime t -> seconds = Operators.toInt(t.seconds());
      case Undefined u -> {
        return u;
      }
      // A string that is no literal falls through in convTime() to the case of a time.
      case Str s -> {
        return s;
      }
      case AbsTime t -> {
        return t;
      }
      default -> {
        return Value.ERROR;
      }
    }
    int offset = given != null ? given : Times.offsetAt(seconds, e.context.zone());
    if (offset == -1 && v[0] instanceof Int) {
      return Evaluation.FAILED;
    }
    return new AbsTime(seconds, offset);
  }

  static Value relTime(Value[] v) {
    if (v.length == 2) {
      return Value.ERROR;
    }
    return switch (v[0]) {
      case Undefined u -> u;
      case Int i -> new RelTime((int) i.value());
      case Real r -> new RelTime(r.value());
      case AbsTime t -> new RelTime((double) t.seconds());
      case RelTime t -> t;
      case Str s -> new RelTime(0);
      default -> Value.ERROR;
    };
  }

  static Value interval(Value v) {
    Integer total = NumberFunctions.cInt(NumberFunctions.integer(v));
    if (total == null) {
      return Value.ERROR;
    }
    int days = total / 86400;
    int rest = total % 86400;
    int hours = rest / 3600;
    rest %= 3600;
    int minutes = rest / 60;
    int seconds = rest % 60;
    ByteBuilder out = new ByteBuilder();
    if (days != 0) {
      out.append(days).append('+');
      Times.pad(out, Math.abs(hours), 2);
      out.append(':');
      Times.pad(out, Math.abs(minutes), 2);
      out.append(':');
      Times.pad(out, Math.abs(seconds), 2);
    } else if (hours != 0) {
      out.append(hours).append(':');
      Times.pad(out, Math.abs(minutes), 2);
      out.append(':');
      Times.pad(out, Math.abs(seconds), 2);
    } else if (minutes != 0) {
      out.append(minutes).append(':');
      Times.pad(out, Math.abs(seconds), 2);
    } else {
      out.append(seconds);
    }
    return new Str(out.toString());
  }
}
