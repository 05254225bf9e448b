package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/** A value written as such, or worked out. */
final class Literal extends Expr {
  static final Literal UNDEFINED = new Literal(Value.UNDEFINED);
  static final Literal ERROR = new Literal(Value.ERROR);
  static final Literal TRUE = new Literal(Value.Bool.TRUE);
  static final Literal FALSE = new Literal(Value.Bool.FALSE);
  private static final Literal[] SMALL = new Literal[1280];

  /**
   * Short strings read lately: ads are full of the same ones, and what is shared stays in the
   * processor's cache.
   */
  private static final @Nullable Literal[] STRINGS = new @Nullable Literal[1 << 13];

  private static final int MAX_SHARED = 40;

  final Value value;

  private Literal(Value value) {
    super(1, 1);
    this.value = value;
  }

  static Expr constant(Value value) {
    if (value instanceof Value.Int i) {
      return constant(i);
    }
    if (value instanceof Value.Bool b) {
      return b.value() ? TRUE : FALSE;
    }
    if (value instanceof Value.Undefined) {
      return UNDEFINED;
    }
    if (value instanceof Value.Error) {
      return ERROR;
    }
    if (value instanceof Value.ListValue l && l.scope == null) {
      return l.list;
    }
    if (value instanceof Value.AdValue a && a.scope.parent == null) {
      return new AdExpr(a.scope.ad);
    }
    return new Literal(value);
  }

  /** The string of the bytes from..to of the buffer. */
  static Literal string(byte[] buf, int from, int to) {
    int n = to - from;
    if (n > MAX_SHARED) {
      return new Literal(new Value.Str(ByteText.fromArray(buf, from, to)));
    }
    int h = n;
    for (int i = from; i < to; i++) {
      h = h * 31 + buf[i];
    }
    h *= 0x9E3779B9;
    int slot = (h ^ (h >>> 15)) & (STRINGS.length - 1);
    Literal known = STRINGS[slot];
    if (known != null && known.value instanceof Value.Str s && Name.same(s.bytes, buf, from, to)) {
      return known;
    }
    Literal literal = new Literal(new Value.Str(ByteText.fromArray(buf, from, to)));
    STRINGS[slot] = literal;
    return literal;
  }

  /** A value that keeps its surroundings. */
  static Literal pinned(Value value) {
    return new Literal(value);
  }

  static Literal constant(Value.Int i) {
    long v = i.value();
    if (v >= -256 && v < 1024) {
      int slot = (int) v + 256;
      Literal literal = SMALL[slot];
      if (literal == null) {
        literal = new Literal(i);
        SMALL[slot] = literal;
      }
      return literal;
    }
    return new Literal(i);
  }

  static Literal constant(Value.Str s) {
    return new Literal(s);
  }

  static Literal constant(Value.Real r) {
    return new Literal(r);
  }

  @Override
  public @Nullable Value literal() {
    return value instanceof Value.ListValue || value instanceof Value.AdValue ? null : value;
  }

  @Override
  Value eval(Evaluation e) {
    // A reltime literal evaluates to its number of seconds (literals.h, ReltimeLiteral::_Evaluate).
    return value instanceof Value.RelTime t ? new Value.Real(t.seconds()) : value;
  }

  @Override
  boolean same(Expr other) {
    return value.equals(((Literal) other).value);
  }

  @Override
  int hash() {
    return value.hashCode();
  }
}
