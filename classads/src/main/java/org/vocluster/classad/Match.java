package org.vocluster.classad;

/**
 * Matching two ads by their Requirements and Rank, as the negotiator does (matchClassad.cpp).
 *
 * <p>The static methods are for one question; an instance answers several about the same pair.
 * Instances are not thread-safe.
 */
public final class Match {
  private static final Name REQUIREMENTS = Name.of("Requirements");
  private static final Name RANK = Name.of("Rank");

  private final MatchScopes scopes;
  private final EvalContext context;

  private Match(ClassAd left, ClassAd right, EvalContext context) {
    this.scopes = new MatchScopes(left, right, context.condor());
    this.context = context;
  }

  /** The pair of these two ads. */
  public static Match of(ClassAd left, ClassAd right, EvalContext context) {
    return new Match(left, right, context);
  }

  /** Whether each ad's Requirements accept the other: true or a non-zero number. */
  public static boolean symmetric(ClassAd left, ClassAd right) {
    return symmetric(left, right, EvalContext.DEFAULT);
  }

  /** Whether each ad's Requirements accept the other: true or a non-zero number. */
  public static boolean symmetric(ClassAd left, ClassAd right, EvalContext context) {
    return of(left, right, context).symmetric();
  }

  /** Whether the ad's own Requirements accept the target; the target's are not asked. */
  public static boolean requirementsMet(ClassAd ad, ClassAd target) {
    return requirementsMet(ad, target, EvalContext.DEFAULT);
  }

  /** Whether the ad's own Requirements accept the target; the target's are not asked. */
  public static boolean requirementsMet(ClassAd ad, ClassAd target, EvalContext context) {
    return of(ad, target, context).leftAccepts();
  }

  /** The ad's Rank of the target; undefined if it has none. */
  public static Value rank(ClassAd ad, ClassAd target) {
    return rank(ad, target, EvalContext.DEFAULT);
  }

  /** The ad's Rank of the target; undefined if it has none. */
  public static Value rank(ClassAd ad, ClassAd target, EvalContext context) {
    return of(ad, target, context).leftRank();
  }

  /** Whether each ad accepts the other. */
  public boolean symmetric() {
    return rightAccepts() && leftAccepts();
  }

  /** Whether the left ad's Requirements accept the right ad. */
  public boolean leftAccepts() {
    return accepts(scopes.left);
  }

  /** Whether the right ad's Requirements accept the left ad. */
  public boolean rightAccepts() {
    return accepts(scopes.right);
  }

  /** The left ad's Rank of the right ad; undefined if it has none. */
  public Value leftRank() {
    return attribute(scopes.left, RANK);
  }

  /** The right ad's Rank of the left ad; undefined if it has none. */
  public Value rightRank() {
    return attribute(scopes.right, RANK);
  }

  /** An expression's value as if it stood in the left ad. */
  public Value evaluateLeft(Expr expr) {
    return new Evaluation(context, scopes.left).at(expr);
  }

  /** An expression's value as if it stood in the right ad. */
  public Value evaluateRight(Expr expr) {
    return new Evaluation(context, scopes.right).at(expr);
  }

  private boolean accepts(Scope side) {
    return attribute(side, REQUIREMENTS).truth() == Value.Truth.TRUE;
  }

  private Value attribute(Scope side, Name name) {
    Expr expr = side.ad.find(name);
    if (expr == null) {
      return Value.UNDEFINED;
    }
    if (expr instanceof Literal literal) {
      return literal.value;
    }
    Evaluation e = new Evaluation(context, side);
    // LEFT.requirements is a reference already.
    e.depth--;
    return e.at(expr);
  }
}
