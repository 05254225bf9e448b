package org.vocluster.classad;

/** LEFT, RIGHT and their contexts, in the ad around a match. */
final class Side extends Expr {
  enum Which {
    LEFT,
    RIGHT,
    LEFT_CONTEXT,
    RIGHT_CONTEXT
  }

  private final Which which;

  Side(Which which) {
    super(1, 1);
    this.which = which;
  }

  @Override
  Value eval(Evaluation e) {
    MatchScopes match = e.cur == null ? null : e.cur.match;
    if (match == null) {
      return Value.UNDEFINED;
    }
    return switch (which) {
      case LEFT -> match.left.value();
      case RIGHT -> match.right.value();
      case LEFT_CONTEXT -> match.leftContext.value();
      case RIGHT_CONTEXT -> match.rightContext.value();
    };
  }

  @Override
  boolean same(Expr other) {
    return which == ((Side) other).which;
  }

  @Override
  int hash() {
    return which.hashCode();
  }
}
