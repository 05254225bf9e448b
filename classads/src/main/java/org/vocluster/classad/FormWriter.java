package org.vocluster.classad;

/** Writes ads in a form that has data of its own and carries other expressions in quotes. */
abstract class FormWriter {
  final ByteBuilder out = new ByteBuilder(1024);

  final String print(ClassAd ad) {
    Printer.deep(ad.height(), () -> ad(ad));
    return out.toText();
  }

  abstract void ad(ClassAd ad);

  abstract void list(ListExpr list);

  abstract void literal(Literal literal);

  /** Writes an expression that is no data. */
  abstract void quoted(Expr expr);

  final void expr(Expr e) {
    switch (e) {
      case Literal l -> literal(l);
      case AdExpr a -> ad(a.ad);
      case ListExpr l -> list(l);
      case Reference r -> quoted(r);
      case Unary u -> quoted(u);
      case Binary b -> quoted(b);
      case Conditional c -> quoted(c);
      case Subscript s -> quoted(s);
      case Call c -> quoted(c);
      case Side s -> quoted(s);
    }
  }
}
