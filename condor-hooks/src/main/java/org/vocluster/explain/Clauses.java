package org.vocluster.explain;

import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Value;

/** Takes Requirements apart. Pure. */
final class Clauses {
  private Clauses() {}

  static List<Clause> of(
      Clause.Side side, String attribute, ClassAd ad, ClassAd target, EvalContext context) {
    Expr expr = ad.expr(attribute);
    if (expr == null) {
      return List.of(new Clause(side, attribute, Clause.Outcome.UNDEFINED, List.of()));
    }
    return List.of(
        new Clause(
            side, LongForm.print(expr), outcome(expr.evaluate(ad, target, context)), List.of()));
  }

  static List<Clause> ofSlot(ClassAd job, ClassAd slot, EvalContext context) {
    return of(Clause.Side.SLOT, "Requirements", slot, job, context);
  }

  private static Clause.Outcome outcome(Value value) {
    return switch (value.truth()) {
      case TRUE -> Clause.Outcome.TRUE;
      case FALSE -> Clause.Outcome.FALSE;
      case NONE -> value instanceof Value.Undefined ? Clause.Outcome.UNDEFINED : Clause.Outcome.ERROR;
    };
  }
}
