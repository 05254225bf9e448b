package org.vocluster.classad;

/** {@code { a, b, c }} */
final class ListExpr extends Expr {
  final Expr[] elements;

  ListExpr(Expr[] elements) {
    super(Call.height(elements) + 1, Call.size(elements) + 1);
    this.elements = elements;
  }

  @Override
  Value eval(Evaluation e) {
    return new Value.ListValue(this, e.lex, false);
  }

  @Override
  boolean same(Expr other) {
    return Call.same(elements, ((ListExpr) other).elements);
  }

  @Override
  int hash() {
    return Call.hash(elements);
  }
}
