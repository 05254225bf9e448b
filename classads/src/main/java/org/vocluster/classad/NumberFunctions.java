package org.vocluster.classad;

import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.AbsTime;
import org.vocluster.classad.Value.AdValue;
import org.vocluster.classad.Value.Bool;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Real;
import org.vocluster.classad.Value.RelTime;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Conversions and arithmetic (fnCall.cpp, value.cpp). */
final class NumberFunctions {
  private NumberFunctions() {}

  /** convertValueToIntegerValue() */
  static Value integer(Value v) {
    return switch (v) {
      case Undefined u -> u;
      case Value.Error error -> error;
      case ListValue l -> Value.ERROR;
      case AdValue a -> Value.ERROR;
      case Bool b -> Int.of(b.value() ? 1 : 0);
      case Int i -> i;
      case Real r -> Int.of(Operators.toLong(r.value()));
      case AbsTime t -> Int.of(t.seconds());
      case RelTime t -> Int.of(Operators.toInt(t.seconds()));
      case Str s -> {
        Numbers.Prefix p = Numbers.strtod(s.bytes);
        yield p.length() == 0 ? Value.ERROR : Int.of(Operators.toLong(p.value()));
      }
    };
  }

  /** convertValueToRealValue(): a real, undefined or an error. */
  static Value real(Value v) {
    return switch (v) {
      case Undefined u -> u;
      case Value.Error error -> error;
      case ListValue l -> Value.ERROR;
      case AdValue a -> Value.ERROR;
      case Bool b -> new Real(b.value() ? 1 : 0);
      case Int i -> new Real((double) i.value());
      case Real r -> r;
      case AbsTime t -> new Real((double) t.seconds());
      case RelTime t -> new Real(Operators.toInt(t.seconds()));
      case Str s -> {
        Numbers.Prefix p = Numbers.strtod(s.bytes);
        yield p.length() == 0 ? Value.ERROR : new Real(p.value());
      }
    };
  }

  static Value bool(Value v) {
    return switch (v) {
      case Undefined u -> u;
      case Value.Error error -> error;
      case ListValue l -> Value.ERROR;
      case AdValue a -> Value.ERROR;
      case AbsTime t -> Value.ERROR;
      case Bool b -> b;
      case Int i -> Value.of(i.value() != 0);
      case Real r -> Value.of(r.value() != 0);
      case RelTime t -> Value.of(Operators.toInt(t.seconds()) != 0);
      case Str s ->
          Name.equalsIgnoreCase(s.bytes, "false")
              ? Bool.FALSE
              : Name.equalsIgnoreCase(s.bytes, "true") ? Bool.TRUE : Value.UNDEFINED;
    };
  }

  static Value round(Builtin f, Value v) {
    if (v instanceof Int) {
      return v;
    }
    if (!(real(v) instanceof Real r)) {
      return Value.ERROR;
    }
    double d = r.value();
    return Int.of(
        Operators.toLong(
            switch (f) {
              case FLOOR -> Math.floor(d);
              case ROUND -> Math.rint(d);
              default -> Math.ceil(d);
            }));
  }

  static Value pow(Value[] v) {
    if (v[0] instanceof Int x && v[1] instanceof Int y && y.value() >= 0) {
      return Int.of(Operators.toLong(Power.of((double) x.value(), (double) y.value()) + 0.5));
    }
    return real(v[0]) instanceof Real x && real(v[1]) instanceof Real y
        ? new Real(Power.of(x.value(), y.value()))
        : Value.ERROR;
  }

  static Value quantize(Value[] v, Evaluation e) {
    if (!(real(v[0]) instanceof Real number)) {
      return Value.ERROR;
    }
    Value base = v[1];
    if (base instanceof ListValue list) {
      base = new Real(0);
      for (int i = 0; i < list.size(); i++) {
        base = e.elementHere(list, i);
        if (Evaluation.failed(base)) {
          return base;
        }
        if (!(real(base) instanceof Real r)) {
          return Value.ERROR;
        }
        if (r.value() >= number.value()) {
          return base;
        }
      }
    }
    if (!(real(base) instanceof Real r)) {
      return Value.ERROR;
    }
    return toMultiple(v[0], number.value(), base, r.value());
  }

  private static Value toMultiple(Value arg, double number, Value base, double realBase) {
    if (base instanceof Int b) {
      if (b.value() == 0) {
        return arg;
      }
      if (arg instanceof Int a) {
        return Int.of((a.value() + b.value() - 1) / b.value() * b.value());
      }
      return new Real(Math.ceil(number / b.value()) * b.value());
    }
    return Math.abs(realBase) <= 1e-8 ? arg : new Real(Math.ceil(number / realBase) * realBase);
  }

  static Value random(Value[] v, Evaluation e) {
    Value limit = v.length == 0 ? new Real(1) : v[0];
    return switch (limit) {
      case Int i ->
          (int) i.value() <= 0
              ? Evaluation.FAILED
              : Int.of((long) (e.context.nextRandom() * (int) i.value()));
      case Real r ->
          r.value() <= 0 ? Evaluation.FAILED : new Real(e.context.nextRandom() * r.value());
      case Value.Error error -> error;
      default -> Value.ERROR;
    };
  }

  /** An int argument as C++ reads it: 64 bits cut down to 32; null if it is no integer. */
  static @Nullable Integer cInt(Value v) {
    return v instanceof Int i ? Integer.valueOf((int) i.value()) : null;
  }
}
