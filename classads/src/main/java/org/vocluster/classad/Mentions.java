package org.vocluster.classad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names that an expression is written with, by the scope they are looked up in: all that its
 * value can depend on in any pair of ads, unless names are {@code computed}. Other than {@link
 * References} this looks at the expression alone and follows nothing. The sets ignore the case of
 * letters.
 *
 * @param own names looked up in the ad that the expression stands in: {@code MY.Memory}
 * @param target names looked up in the ad it is matched with: {@code TARGET.Memory}
 * @param free names without a scope: looked up in its own ad, then in the other
 * @param computed whether the expression can look at names that it does not spell: it calls {@code
 *     eval()}, or uses a whole ad as a value, as {@code MY["Mem" + "ory"]} does
 */
public record Mentions(Set<String> own, Set<String> target, Set<String> free, boolean computed) {
  private static final Name TARGET = Name.of("target");

  public Mentions {
    own = sorted(own);
    target = sorted(target);
    free = sorted(free);
  }

  private static Set<String> sorted(Set<String> names) {
    Set<String> copy = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    copy.addAll(names);
    return Collections.unmodifiableSet(copy);
  }

  static Mentions of(Expr expr) {
    Finder finder = new Finder();
    if (expr.height > DeepStack.SAFE_LEVELS) {
      DeepStack.test(
          () -> {
            finder.visit(expr);
            return true;
          });
    } else {
      finder.visit(expr);
    }
    return new Mentions(finder.own, finder.target, finder.free, finder.computed);
  }

  /** The operands of the {@code &&} that an expression is, from left to right. */
  static List<Expr> conjuncts(Expr expr) {
    List<Expr> result = new ArrayList<>();
    // The chain a && b && c leans to the left, so that its length is its depth.
    List<Expr> open = new ArrayList<>(List.of(expr));
    while (!open.isEmpty()) {
      Expr next = open.removeLast();
      if (next instanceof Unary u && u.op == Op.PAREN) {
        open.add(u.operand);
      } else if (next instanceof Binary b && b.op == Op.AND) {
        open.add(b.right);
        open.add(b.left);
      } else {
        result.add(next);
      }
    }
    return result;
  }

  private static final class Finder {
    final Set<String> own = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    final Set<String> target = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    final Set<String> free = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    boolean computed;

    void visit(Expr expr) {
      switch (expr) {
        case Literal l -> {}
        case Side s -> computed = true;
        case Reference r -> reference(r);
        case Unary u -> visit(u.operand);
        case Binary b -> {
          visit(b.left);
          visit(b.right);
        }
        case Conditional c -> {
          visit(c.test);
          if (c.yes != null) {
            visit(c.yes);
          }
          visit(c.no);
        }
        case Subscript s -> {
          visit(s.container);
          visit(s.index);
        }
        case Call c -> {
          computed |= c.function == Builtin.EVAL;
          all(c.args);
        }
        case ListExpr l -> all(l.elements);
        case AdExpr a -> {
          for (int i = 0; i < a.ad.size(); i++) {
            visit(a.ad.exprAt(i));
          }
        }
      }
    }

    private void all(Expr[] list) {
      for (Expr e : list) {
        visit(e);
      }
    }

    private void reference(Reference r) {
      String name = ByteText.toText(r.name.text);
      if (r.base == null) {
        if (r.absolute) {
          own.add(name);
        } else if (r.name.matches(TARGET) || isAd(r.special)) {
          computed = true;
        } else {
          free.add(name);
        }
        return;
      }
      if (r.base instanceof Reference b && b.base == null && !b.absolute) {
        if (b.name.matches(TARGET)) {
          target.add(name);
          return;
        }
        if (b.special == Reference.Special.MY || b.special == Reference.Special.SELF) {
          own.add(name);
          return;
        }
      }
      visit(r.base);
    }

    private static boolean isAd(Reference.Special special) {
      return special != Reference.Special.NONE && special != Reference.Special.CURRENT_TIME;
    }
  }
}
