package org.vocluster.classad;

/** {@code [ a = 1; b = 2 ]} within an expression. */
final class AdExpr extends Expr {
  final ClassAd ad;

  AdExpr(ClassAd ad) {
    super(ad.height() + 1, ad.nodes() + 1);
    this.ad = ad;
  }

  @Override
  Value eval(Evaluation e) {
    return new Value.AdValue(new Scope(ad, e.lex), false);
  }

  @Override
  boolean same(Expr other) {
    return ad.same(((AdExpr) other).ad);
  }

  @Override
  int hash() {
    return ad.hash();
  }
}
