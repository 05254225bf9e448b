package org.vocluster.classad;

import org.vocluster.classad.Value.AbsTime;
import org.vocluster.classad.Value.AdValue;
import org.vocluster.classad.Value.Bool;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Real;
import org.vocluster.classad.Value.RelTime;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Truth;
import org.vocluster.classad.Value.Undefined;

/** What the operators do with values (operators.cpp). */
final class Operators {
  private Operators() {}

  static Value unary(Op op, Value v) {
    if (op == Op.PLUS) {
      return v instanceof Bool
              || v instanceof Str
              || v instanceof ListValue
              || v instanceof AdValue
              || v instanceof AbsTime
          ? Value.ERROR
          : v;
    }
    if (v instanceof Undefined || v instanceof Value.Error) {
      return v;
    }
    return switch (op) {
      case NOT ->
          switch (v.truth()) {
            case TRUE -> Bool.FALSE;
            case FALSE -> Bool.TRUE;
            case NONE -> Value.ERROR;
          };
      case BIT_NOT -> v instanceof Int i ? Int.of(~i.value()) : Value.ERROR;
      case MINUS ->
          switch (v) {
            case Int i -> Int.of(-i.value());
            case Real r -> new Real(-r.value());
            case RelTime t -> new RelTime(-t.seconds());
            default -> Value.ERROR;
          };
      default -> v;
    };
  }

  /** && and || where the first operand has not decided. */
  static Value logical(Op op, Value a, Value b) {
    Truth x = a.truth();
    Truth y = b.truth();
    if ((x == Truth.NONE && !(a instanceof Undefined))
        || (y == Truth.NONE && !(b instanceof Undefined))) {
      return Value.ERROR;
    }
    if (op == Op.OR) {
      if (x == Truth.TRUE || y == Truth.TRUE) {
        return Bool.TRUE;
      }
      return x == Truth.FALSE && y == Truth.FALSE ? Bool.FALSE : Value.UNDEFINED;
    }
    if (x == Truth.FALSE || y == Truth.FALSE) {
      return Bool.FALSE;
    }
    return x == Truth.TRUE && y == Truth.TRUE ? Bool.TRUE : Value.UNDEFINED;
  }

  static Value binary(Op op, Value a, Value b) {
    if (a instanceof Int x && b instanceof Int y) {
      return integers(op, x.value(), y.value());
    }
    if (op == Op.IS) {
      return identical(a, b);
    }
    if (op == Op.ISNT) {
      Value v = identical(a, b);
      return v instanceof Bool same ? Value.of(!same.value()) : v;
    }
    if (op == Op.AND || op == Op.OR) {
      Truth x = a.truth();
      if (op == Op.AND ? x == Truth.FALSE : x == Truth.TRUE) {
        return Value.of(op == Op.OR);
      }
      return logical(op, a, b);
    }
    if (a instanceof Value.Error || b instanceof Value.Error) {
      return Value.ERROR;
    }
    if (a instanceof Undefined || b instanceof Undefined) {
      return Value.UNDEFINED;
    }
    return switch (op) {
      case EQ, NE, LT, LE, GT, GE -> compare(op, a, b);
      case ADD, SUB, MUL, DIV, MOD -> arithmetic(op, a, b);
      default -> Value.ERROR;
    };
  }

  private static Value integers(Op op, long x, long y) {
    return switch (op) {
      case EQ, IS -> Value.of(x == y);
      case NE, ISNT -> Value.of(x != y);
      case LT -> Value.of(x < y);
      case LE -> Value.of(x <= y);
      case GT -> Value.of(x > y);
      case GE -> Value.of(x >= y);
      case ADD -> Int.of(x + y);
      case SUB -> Int.of(x - y);
      case MUL -> Int.of(x * y);
      case DIV ->
          y == 0 ? Value.ERROR : Int.of(x == Long.MIN_VALUE && y == -1 ? Long.MAX_VALUE : x / y);
      case MOD -> y == 0 ? Value.ERROR : Int.of(y == -1 ? 0 : x % y);
      case BIT_OR -> Int.of(x | y);
      case BIT_XOR -> Int.of(x ^ y);
      case BIT_AND -> Int.of(x & y);
      case SHL -> Int.of(x << y);
      // x86 takes the count modulo 64; doBitwise() shifts a negative number by hand.
      case SHR -> Int.of(x >= 0 ? x >> y : y <= 0 ? x : y >= 64 ? -1 : x >> y);
      case USHR -> Int.of(x >= 0 ? x >> y : (x >> 1 & Long.MAX_VALUE) >> (y - 1));
      case OR -> Value.of(x != 0 || y != 0);
      case AND -> Value.of(x != 0 && y != 0);
      case PLUS, MINUS, NOT, BIT_NOT, PAREN -> Value.ERROR;
    };
  }

  private static Value compare(Op op, Value a, Value b) {
    if (a instanceof Str x && b instanceof Str y) {
      return switch (op) {
        case EQ -> Value.of(Name.equalsIgnoreCase(x.bytes, y.bytes));
        case NE -> Value.of(!Name.equalsIgnoreCase(x.bytes, y.bytes));
        default -> ordered(op, Name.compareIgnoreCase(x.bytes, y.bytes));
      };
    }
    if (a instanceof AbsTime x && b instanceof AbsTime y) {
      return ordered(op, Long.compare(x.seconds(), y.seconds()));
    }
    if (a instanceof RelTime x && b instanceof RelTime y) {
      return reals(op, x.seconds(), y.seconds());
    }
    if (a instanceof Bool || b instanceof Bool) {
      Value x = number(a);
      Value y = number(b);
      if (x instanceof Int i && y instanceof Int j) {
        return integers(op, i.value(), j.value());
      }
    }
    if (!isNumber(a) || !isNumber(b)) {
      return Value.ERROR;
    }
    return reals(op, real(a), real(b));
  }

  private static Value ordered(Op op, int c) {
    return Value.of(
        switch (op) {
          case EQ -> c == 0;
          case NE -> c != 0;
          case LT -> c < 0;
          case LE -> c <= 0;
          case GT -> c > 0;
          default -> c >= 0;
        });
  }

  private static Value reals(Op op, double x, double y) {
    return Value.of(
        switch (op) {
          case EQ -> x == y;
          case NE -> x != y;
          case LT -> x < y;
          case LE -> x <= y;
          case GT -> x > y;
          default -> x >= y;
        });
  }

  /** =?= */
  static Value identical(Value a, Value b) {
    if (a instanceof Str x) {
      return Value.of(b instanceof Str y && x.bytes.equals(y.bytes));
    }
    if (a instanceof Undefined || b instanceof Undefined) {
      return Value.of(a instanceof Undefined && b instanceof Undefined);
    }
    if (a instanceof Bool x) {
      return Value.of(b instanceof Bool y && x.value() == y.value());
    }
    return identicalOthers(a, b);
  }

  // The kinds that are common stand above and are tested one by one: a pattern switch, which then
  // wants them here once more, is slower, and its first use costs start-up (docs/decisions/0103).
  private static Value identicalOthers(Value a, Value b) {
    return switch (a) {
      case Undefined u -> Value.of(b instanceof Undefined);
      case Value.Error e -> Value.of(b instanceof Value.Error);
      case Bool x -> Value.of(b instanceof Bool y && x.value() == y.value());
      case Int x -> Value.of(b instanceof Int y && x.value() == y.value());
      case Real x -> Value.of(b instanceof Real y && x.value() == y.value());
      case Str x -> Value.of(b instanceof Str y && x.bytes.equals(y.bytes));
      case AbsTime x -> Value.of(x.equals(b));
      case RelTime x -> Value.of(b instanceof RelTime y && x.seconds() == y.seconds());
      case ListValue x -> b instanceof ListValue y && x.made == y.made ? Value.ERROR : Bool.FALSE;
      case AdValue x -> b instanceof AdValue y && x.made == y.made ? Value.ERROR : Bool.FALSE;
    };
  }

  private static Value arithmetic(Op op, Value a, Value b) {
    if (a instanceof AbsTime
        || b instanceof AbsTime
        || a instanceof RelTime
        || b instanceof RelTime) {
      return times(op, a, b);
    }
    Value x = number(a);
    Value y = number(b);
    if (x instanceof Int i && y instanceof Int j) {
      return integers(op, i.value(), j.value());
    }
    if (!isNumber(x) || !isNumber(y)) {
      return Value.ERROR;
    }
    double r = real(x);
    double s = real(y);
    double result =
        switch (op) {
          case ADD -> r + s;
          case SUB -> r - s;
          case MUL -> r * s;
          case DIV -> r / s;
          default -> Double.POSITIVE_INFINITY;
        };
    return result == Double.POSITIVE_INFINITY ? Value.ERROR : new Real(result);
  }

  private static Value times(Op op, Value a, Value b) {
    if (op == Op.ADD) {
      if (a instanceof AbsTime t && b instanceof RelTime d) {
        return new AbsTime(t.seconds() + toInt(d.seconds()), t.offset());
      }
      if (a instanceof RelTime d && b instanceof AbsTime t) {
        return new AbsTime(t.seconds() + toInt(d.seconds()), t.offset());
      }
      if (a instanceof RelTime d && b instanceof RelTime f) {
        return new RelTime(d.seconds() + f.seconds());
      }
    } else if (op == Op.SUB) {
      if (a instanceof AbsTime t && b instanceof AbsTime s) {
        return new RelTime((double) (t.seconds() - s.seconds()));
      }
      if (a instanceof AbsTime t && b instanceof RelTime d) {
        return new AbsTime(t.seconds() - toInt(d.seconds()), t.offset());
      }
      if (a instanceof RelTime d && b instanceof RelTime f) {
        return new RelTime(d.seconds() - f.seconds());
      }
    } else if (op == Op.MUL || op == Op.DIV) {
      if (a instanceof RelTime d && (b instanceof Int || b instanceof Real)) {
        return new RelTime(op == Op.MUL ? d.seconds() * real(b) : d.seconds() / real(b));
      }
      if (op == Op.MUL && b instanceof RelTime d && a instanceof Int i) {
        return new RelTime(i.value() * d.seconds());
      }
      if (op == Op.MUL && b instanceof RelTime d && a instanceof Real r) {
        return new RelTime(r.value() * d.seconds());
      }
    }
    return Value.ERROR;
  }

  /** (int) of a double, as x86 does it: what does not fit is INT_MIN. */
  static int toInt(double d) {
    return d > -2147483649.0 && d < 2147483648.0 ? (int) d : Integer.MIN_VALUE;
  }

  /** (long long) of a double, as x86 does it: what does not fit is LLONG_MIN. */
  static long toLong(double d) {
    return d >= -0x1p63 && d < 0x1p63 ? (long) d : Long.MIN_VALUE;
  }

  /** A boolean as 0 or 1, anything else as it is. */
  static Value number(Value v) {
    return v instanceof Bool b ? Int.of(b.value() ? 1 : 0) : v;
  }

  static boolean isNumber(Value v) {
    return v instanceof Int || v instanceof Real || v instanceof Bool;
  }

  static double real(Value v) {
    if (v instanceof Int i) {
      return (double) i.value();
    }
    if (v instanceof Real r) {
      return r.value();
    }
    return v instanceof Bool b ? (b.value() ? 1.0 : 0.0) : Double.NaN;
  }
}
