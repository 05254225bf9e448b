package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/**
 * The ad that HTCondor puts around two ads to match them (matchClassad.cpp): LEFT and RIGHT, each
 * enclosed by a context that binds my, target, other and ad.
 */
final class MatchScopes {
  private static final ClassAd TOP =
      ClassAd.builder()
          .set(
              "symmetricMatch",
              new Binary(Op.AND, side("RIGHT", "requirements"), side("LEFT", "requirements")))
          .set("leftMatchesRight", side("RIGHT", "requirements"))
          .set("rightMatchesLeft", side("LEFT", "requirements"))
          .set("leftRankValue", side("LEFT", "rank"))
          .set("rightRankValue", side("RIGHT", "rank"))
          .set("lCtx", new Side(Side.Which.LEFT_CONTEXT))
          .set("rCtx", new Side(Side.Which.RIGHT_CONTEXT))
          .set("LEFT", new Side(Side.Which.LEFT))
          .set("RIGHT", new Side(Side.Which.RIGHT))
          .build();
  private static final ClassAd LEFT_CONTEXT = context("LEFT", "RIGHT");
  private static final ClassAd RIGHT_CONTEXT = context("RIGHT", "LEFT");

  final Scope top = new Scope(TOP, null);
  final Scope leftContext = new Scope(LEFT_CONTEXT, top);
  final Scope rightContext = new Scope(RIGHT_CONTEXT, top);
  final Scope left;
  final Scope right;

  MatchScopes(ClassAd leftAd, ClassAd rightAd, boolean condor) {
    left = new Scope(leftAd, leftContext);
    right = new Scope(rightAd, rightContext);
    top.match = this;
    left.match = this;
    right.match = this;
    if (condor) {
      left.alternate = right;
      right.alternate = left;
    }
  }

  /** The ad around the match with its sides in it. */
  ClassAd shown() {
    return TOP.toBuilder()
        .set("lCtx", new AdExpr(LEFT_CONTEXT))
        .set("rCtx", new AdExpr(RIGHT_CONTEXT))
        .set("LEFT", new AdExpr(left.ad))
        .set("RIGHT", new AdExpr(right.ad))
        .build();
  }

  /** The ad TARGET means for one of the two sides; null for the ads around them. */
  @Nullable Scope other(Scope side) {
    return side == left ? right : side == right ? left : null;
  }

  private static Expr side(String side, String attribute) {
    return new Reference(new Reference(null, Name.of(side), false), Name.of(attribute), false);
  }

  private static ClassAd context(String own, String other) {
    return ClassAd.builder()
        .set("other", new Reference(null, Name.of(other), true))
        .set("target", new Reference(null, Name.of(other), true))
        .set("my", new Reference(null, Name.of(own), true))
        .set("ad", new Reference(null, Name.of(own), true))
        .build();
  }
}
