package org.vocluster.classad;

import java.util.function.Predicate;

/** Which expressions HTCondor's way of writing them preserves. */
final class Carried {
  private Carried() {}

  /** Sixteen digits do not hold every real; NaN and infinities are written as calls. */
  private static boolean real(Value v) {
    if (!(v instanceof Value.Real r)) {
      return true;
    }
    double d = r.value();
    return d == 0
        || (!Double.isNaN(d)
            && !Double.isInfinite(d)
            && Double.parseDouble(Numbers.general(d, 16)) == d);
  }

  /**
   * A unary minus before a number is written without a blank and read back as part of the number.
   */
  private static boolean unary(Unary u) {
    return !(u.op == Op.MINUS
        && u.operand instanceof Literal l
        && (l.value instanceof Value.Int || l.value instanceof Value.Real));
  }

  /** A name after a dot is written without quotes, whatever it is. */
  private static boolean reference(Reference r) {
    return r.base == null
        || Expr.attribute(r.name.text).toString().equals(r.name.text)
        || r.name.text.equalsIgnoreCase("parent");
  }

  private static boolean timeLiteral(Value v) {
    return v instanceof Value.AbsTime || v instanceof Value.RelTime;
  }

  static boolean byNewForm(Expr e) {
    return all(
        e,
        x ->
            switch (x) {
              case Literal l ->
                  real(l.value)
                      && !(l.value instanceof Value.AbsTime t && !reads(t))
                      && !(l.value instanceof Value.RelTime r && !reads(r));
              case Unary u -> unary(u);
              case Reference r -> reference(r);
              // "..5" reads as 0.0, a name in quotes may stand for a function's
              case Call c -> Expr.attribute(c.name).toString().equals(c.name);
              default -> true;
            });
  }

  /** Whether a time, as it is written, is read back as the same. */
  private static boolean reads(Value v) {
    ByteBuilder b = new ByteBuilder();
    if (v instanceof Value.AbsTime t) {
      Times.print(b, t);
      return t.equals(Times.parseAbsolute(b.toString(), java.time.ZoneId.systemDefault()));
    }
    if (v instanceof Value.RelTime r) {
      Times.print(b, r);
      return r.equals(Times.parseRelative(b.toString()));
    }
    return true;
  }

  /**
   * Old syntax has no escapes: a line end ends the line, and a backslash before a quote joins it.
   */
  static boolean byLongForm(Expr e) {
    return byNewForm(e)
        && all(
            e,
            x ->
                switch (x) {
                  case Literal l -> !(l.value instanceof Value.Str s) || oldString(s.bytes, '"');
                  case Reference r -> oldString(r.name.text, '\'');
                  case AdExpr a -> oldNames(a.ad);
                  default -> true;
                });
  }

  private static boolean oldNames(ClassAd ad) {
    for (int i = 0; i < ad.size(); i++) {
      if (!oldString(ad.nameAt(i).text, '\'')) {
        return false;
      }
    }
    return true;
  }

  private static boolean oldString(String s, char delimiter) {
    return s.indexOf('\n') < 0 && !s.endsWith("\\") && !s.contains("\\" + delimiter);
  }

  static boolean byJson(Expr e) {
    return byNewForm(e)
        && topLevel(e, x -> !(x instanceof Literal l) || !(l.value instanceof Value.RelTime));
  }

  /** XML knows no signed nought, and drops white space around text that is no string. */
  static boolean byXml(Expr e) {
    return byNewForm(e)
        && topLevel(
            e,
            x ->
                !(x instanceof Literal l)
                    || (!(timeLiteral(l.value) && !(l.value instanceof Value.AbsTime))
                        && !(l.value instanceof Value.Real r
                            && r.value() == 0
                            && 1 / r.value() < 0)))
        && !(JsonForm.print(ClassAd.EMPTY.with("a", e)).contains("&") && hasText(e));
  }

  private static boolean hasText(Expr e) {
    return !all(
        e,
        x -> !(x instanceof Literal l && l.value instanceof Value.Str s && s.bytes.contains("&")));
  }

  /**
   * Of an ad's or list's values, those that the form itself writes rather than as an expression.
   */
  private static boolean topLevel(Expr e, Predicate<Expr> ok) {
    return switch (e) {
      case ListExpr l -> java.util.Arrays.stream(l.elements).allMatch(x -> topLevel(x, ok));
      case AdExpr a -> {
        for (int i = 0; i < a.ad.size(); i++) {
          if (!topLevel(a.ad.exprAt(i), ok)) {
            yield false;
          }
        }
        yield true;
      }
      default -> ok.test(e);
    };
  }

  static boolean all(Expr e, Predicate<Expr> ok) {
    if (!ok.test(e)) {
      return false;
    }
    return switch (e) {
      case Literal l -> true;
      case Side s -> true;
      case Reference r -> r.base == null || all(r.base, ok);
      case Unary u -> all(u.operand, ok);
      case Binary b -> all(b.left, ok) && all(b.right, ok);
      case Conditional c -> all(c.test, ok) && (c.yes == null || all(c.yes, ok)) && all(c.no, ok);
      case Subscript s -> all(s.container, ok) && all(s.index, ok);
      case Call c -> java.util.Arrays.stream(c.args).allMatch(x -> all(x, ok));
      case ListExpr l -> java.util.Arrays.stream(l.elements).allMatch(x -> all(x, ok));
      case AdExpr a -> {
        for (int i = 0; i < a.ad.size(); i++) {
          if (!all(a.ad.exprAt(i), ok)) {
            yield false;
          }
        }
        yield true;
      }
    };
  }
}
