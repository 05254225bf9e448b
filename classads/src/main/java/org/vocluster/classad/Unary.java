package org.vocluster.classad;

/** A unary operator, or parentheses, applied to an operand. */
final class Unary extends Expr {
  final Op op;
  final Expr operand;

  Unary(Op op, Expr operand) {
    super(operand.height + 1, operand.size + 1);
    this.op = op;
    this.operand = operand;
  }

  @Override
  Value eval(Evaluation e) {
    if (!e.modern) {
      Value v = operand.eval(e);
      return op == Op.PAREN || Evaluation.failed(v) ? v : Operators.unary(op, v);
    }
    if (!e.descend()) {
      return Evaluation.FAILED;
    }
    Value v = operand.eval(e);
    e.ascend();
    return op == Op.PAREN || Evaluation.failed(v) ? v : Operators.unary(op, v);
  }

  @Override
  boolean same(Expr other) {
    Unary u = (Unary) other;
    return op == u.op && operand.getClass() == u.operand.getClass() && operand.same(u.operand);
  }

  @Override
  int hash() {
    return 31 * op.hashCode() + operand.hash();
  }
}
