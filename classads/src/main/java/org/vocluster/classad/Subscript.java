package org.vocluster.classad;

/** {@code container[index]} */
final class Subscript extends Expr {
  final Expr container;
  final Expr index;

  Subscript(Expr container, Expr index) {
    super(Math.max(container.height, index.height) + 3, container.size + index.size + 1);
    this.container = container;
    this.index = index;
  }

  @Override
  Value eval(Evaluation e) {
    if (!e.modern) {
      return apply(e);
    }
    if (!e.descend()) {
      return Evaluation.FAILED;
    }
    Value v = apply(e);
    e.ascend();
    return v;
  }

  private Value apply(Evaluation e) {
    Value c = container.eval(e);
    if (Evaluation.failed(c)) {
      return c;
    }
    Value i = index.eval(e);
    if (Evaluation.failed(i)) {
      return i;
    }
    if (c instanceof Value.Error || i instanceof Value.Error) {
      return Value.ERROR;
    }
    if (c instanceof Value.Undefined || i instanceof Value.Undefined) {
      return Value.UNDEFINED;
    }
    if (c instanceof Value.AdValue a && i instanceof Value.Str s) {
      Expr expr = a.scope.ad.find(Name.of(s.bytes));
      return expr == null ? Value.UNDEFINED : e.apart(a.scope, expr);
    }
    if (c instanceof Value.ListValue l && i instanceof Value.Int n) {
      int at = (int) n.value();
      return at < 0 || at >= l.size() ? Value.ERROR : e.elementAt(l, at);
    }
    return Value.ERROR;
  }

  @Override
  boolean same(Expr other) {
    Subscript s = (Subscript) other;
    return container.getClass() == s.container.getClass()
        && index.getClass() == s.index.getClass()
        && container.same(s.container)
        && index.same(s.index);
  }

  @Override
  int hash() {
    return 31 * container.hash() + index.hash() + 7;
  }
}
