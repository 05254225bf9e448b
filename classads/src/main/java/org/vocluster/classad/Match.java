package org.vocluster.classad;

/** Matching two ads by their Requirements and Rank, as the negotiator does (matchClassad.cpp). */
public final class Match {
  private static final Name REQUIREMENTS = Name.of("Requirements");
  private static final Name RANK = Name.of("Rank");

  private Match() {}

  /** Whether each ad's Requirements accept the other: true or a non-zero number. */
  public static boolean symmetric(ClassAd left, ClassAd right) {
    return symmetric(left, right, EvalContext.DEFAULT);
  }

  /** Whether each ad's Requirements accept the other: true or a non-zero number. */
  public static boolean symmetric(ClassAd left, ClassAd right, EvalContext context) {
    MatchScopes match = new MatchScopes(left, right, context.condor());
    return accepts(match.right, context) && accepts(match.left, context);
  }

  /** Whether the ad's own Requirements accept the target; the target's are not asked. */
  public static boolean requirementsMet(ClassAd ad, ClassAd target) {
    return requirementsMet(ad, target, EvalContext.DEFAULT);
  }

  /** Whether the ad's own Requirements accept the target; the target's are not asked. */
  public static boolean requirementsMet(ClassAd ad, ClassAd target, EvalContext context) {
    return accepts(new MatchScopes(ad, target, context.condor()).left, context);
  }

  /** The ad's Rank of the target; undefined if it has none. */
  public static Value rank(ClassAd ad, ClassAd target) {
    return rank(ad, target, EvalContext.DEFAULT);
  }

  /** The ad's Rank of the target; undefined if it has none. */
  public static Value rank(ClassAd ad, ClassAd target, EvalContext context) {
    return attribute(new MatchScopes(ad, target, context.condor()).left, RANK, context);
  }

  private static boolean accepts(Scope side, EvalContext context) {
    return attribute(side, REQUIREMENTS, context).truth() == Value.Truth.TRUE;
  }

  private static Value attribute(Scope side, Name name, EvalContext context) {
    Expr expr = side.ad.find(name);
    if (expr == null) {
      return Value.UNDEFINED;
    }
    if (expr instanceof Literal literal) {
      return literal.value;
    }
    Evaluation e = Evaluation.start(context, side);
    e.depth--;
    return e.at(expr);
  }
}
