package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/** {@code test ? yes : no}, or {@code test ?: no} where {@code yes} is null. */
final class Conditional extends Expr {
  final Expr test;
  final @Nullable Expr yes;
  final Expr no;

  Conditional(Expr test, @Nullable Expr yes, Expr no) {
    super(
        Math.max(test.height, Math.max(yes == null ? 0 : yes.height, no.height)) + 1,
        test.size + (yes == null ? 0 : yes.size) + no.size + 1);
    this.test = test;
    this.yes = yes;
    this.no = no;
  }

  @Override
  Value eval(Evaluation e) {
    if (!e.modern) {
      Value t = test.eval(e);
      return Evaluation.failed(t) ? t : yes == null ? elvis(t, e) : choose(t, yes, e);
    }
    if (!e.descend()) {
      return Evaluation.FAILED;
    }
    Value t = test.eval(e);
    Value v = Evaluation.failed(t) ? t : yes == null ? modernElvis(t, e) : modernChoose(t, yes, e);
    e.ascend();
    return v;
  }

  // 23.9 evaluates both arms where the test decides for neither, and the right-hand side of ?:
  // unless the test is false; that shows only if such an arm fails (operators.cpp,
  // Operation::_Evaluate and shortCircuit).
  private Value choose(Value t, Expr consequent, Evaluation e) {
    switch (t.truth()) {
      case TRUE -> {
        return consequent.eval(e);
      }
      case FALSE -> {
        return no.eval(e);
      }
      case NONE -> {}
    }
    if (Evaluation.failed(consequent.eval(e)) || Evaluation.failed(no.eval(e))) {
      return Evaluation.FAILED;
    }
    return t instanceof Value.Undefined ? t : Value.ERROR;
  }

  private Value elvis(Value t, Evaluation e) {
    if (t.truth() == Value.Truth.FALSE) {
      return t;
    }
    Value otherwise = no.eval(e);
    return Evaluation.failed(otherwise) || t instanceof Value.Undefined ? otherwise : t;
  }

  private Value modernChoose(Value t, Expr consequent, Evaluation e) {
    if (t instanceof Value.Undefined || t instanceof Value.Error) {
      return t;
    }
    return choose(t, consequent, e);
  }

  private Value modernElvis(Value t, Evaluation e) {
    return t instanceof Value.Undefined ? no.eval(e) : t;
  }

  @Override
  boolean same(Expr other) {
    Conditional c = (Conditional) other;
    return test.getClass() == c.test.getClass()
        && no.getClass() == c.no.getClass()
        && test.same(c.test)
        && no.same(c.no)
        && (yes == null
            ? c.yes == null
            : (c.yes != null && yes.getClass() == c.yes.getClass() && yes.same(c.yes)));
  }

  @Override
  int hash() {
    return 31 * (31 * test.hash() + (yes == null ? 0 : yes.hash())) + no.hash();
  }
}
