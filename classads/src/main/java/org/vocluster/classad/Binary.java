package org.vocluster.classad;

/** A binary operator applied to its operands. */
final class Binary extends Expr {
  final Op op;
  final Expr left;
  final Expr right;

  Binary(Op op, Expr left, Expr right) {
    super(Math.max(left.height, right.height) + 1, left.size + right.size + 1);
    this.op = op;
    this.left = left;
    this.right = right;
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
    Value a = left.eval(e);
    if (Evaluation.failed(a)) {
      return a;
    }
    if (op == Op.AND) {
      if (a.truth() == Value.Truth.FALSE) {
        return Value.Bool.FALSE;
      }
    } else if (op == Op.OR) {
      if (a.truth() == Value.Truth.TRUE) {
        return Value.Bool.TRUE;
      }
    } else {
      Value b = right.eval(e);
      return Evaluation.failed(b) ? b : Operators.binary(op, a, b);
    }
    if (e.modern && a instanceof Value.Error) {
      return Value.ERROR;
    }
    Value b = right.eval(e);
    return Evaluation.failed(b) ? b : Operators.logical(op, a, b);
  }

  @Override
  boolean same(Expr other) {
    Binary b = (Binary) other;
    return op == b.op
        && left.getClass() == b.left.getClass()
        && right.getClass() == b.right.getClass()
        && right.same(b.right)
        && left.same(b.left);
  }

  @Override
  int hash() {
    return 31 * (31 * left.hash() + op.hashCode()) + right.hash();
  }
}
