package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/** A constant. */
final class Literal extends Expr {
  static final Literal UNDEFINED = new Literal(Value.UNDEFINED);
  static final Literal ERROR = new Literal(Value.ERROR);
  static final Literal TRUE = new Literal(Value.Bool.TRUE);
  static final Literal FALSE = new Literal(Value.Bool.FALSE);
  private static final Literal[] SMALL = new Literal[1280];

  final Value value;

  private Literal(Value value) {
    super(1, 1);
    this.value = value;
  }

  static Expr constant(Value value) {
    return switch (value) {
      case Value.Undefined u -> UNDEFINED;
      case Value.Error e -> ERROR;
      case Value.Bool b -> b.value() ? TRUE : FALSE;
      case Value.Int i -> constant(i);
      case Value.ListValue l when l.scope == null -> l.list;
      case Value.AdValue a when a.scope.parent == null -> new AdExpr(a.scope.ad);
      case Value.ListValue l -> new Literal(l);
      case Value.AdValue a -> new Literal(a);
      case Value.Real r -> new Literal(r);
      case Value.Str s -> new Literal(s);
      case Value.AbsTime t -> new Literal(t);
      case Value.RelTime t -> new Literal(t);
    };
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
