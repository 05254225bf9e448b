package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the names an expression refers to, through the attributes it refers to (classad.cpp). */
final class ReferenceFinder {
  private final Evaluation e;
  private final Set<String> external = new TreeSet<>(Name::compareIgnoreCase);

  private ReferenceFinder(Evaluation e) {
    this.e = e;
  }

  /** The names that lead out of the scope, in alphabetical order; null where HTCondor gives up. */
  static @Nullable List<String> external(Expr expr, Scope scope, Evaluation e) {
    ReferenceFinder finder = new ReferenceFinder(e);
    Scope cur = e.cur;
    e.cur = scope;
    boolean ok =
        expr.height > DeepStack.SAFE_LEVELS
            ? DeepStack.test(() -> finder.visit(expr))
            : finder.visit(expr);
    e.cur = cur;
    return ok ? new ArrayList<>(finder.external) : null;
  }

  private boolean visit(Expr expr) {
    if (!e.charge(1)) {
      return false;
    }
    return switch (expr) {
      case Literal l -> true;
      case Side s -> true;
      case Reference r -> reference(r);
      case Unary u -> visit(u.operand);
      case Binary b -> visit(b.left) && visit(b.right);
      case Conditional c -> visit(c.test) && (c.yes == null || visit(c.yes)) && visit(c.no);
      case Subscript s -> visit(s.container) && visit(s.index);
      case Call c -> nested(c.args);
      case ListExpr l -> nested(l.elements);
      case AdExpr a -> {
        for (int i : Order.LIBRARY.sort(a.ad)) {
          if (!nested(a.ad.exprAt(i))) {
            yield false;
          }
        }
        yield true;
      }
    };
  }

  private boolean nested(Expr[] list) {
    for (Expr x : list) {
      if (!nested(x)) {
        return false;
      }
    }
    return true;
  }

  private boolean nested(Expr x) {
    if (e.depth <= 0) {
      return false;
    }
    e.depth--;
    boolean ok = visit(x);
    e.depth++;
    return ok;
  }

  private boolean reference(Reference r) {
    Scope start;
    if (r.base == null) {
      start = r.absolute ? e.root : e.cur;
      if (start == null) {
        return false;
      }
    } else {
      Value v = e.at(r.base);
      if (Evaluation.failed(v)) {
        return false;
      }
      if (v instanceof Value.Undefined) {
        ByteBuilder full = new ByteBuilder();
        new Printer(full, false).print(r.base);
        external.add(full.append('.').append(r.name.text).toString());
        return true;
      }
      if (!(v instanceof Value.AdValue a)) {
        return false;
      }
      start = a.scope;
    }
    Scope cur = e.cur;
    Expr found = e.findFrom(start, r);
    boolean ok;
    if (found == null) {
      external.add(r.name.text);
      ok = true;
    } else {
      ok = nested(found);
    }
    e.cur = cur;
    return ok;
  }
}
