package org.vocluster.classad;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names an expression refers to when it stands in an ad, followed through the ad's own
 * attributes.
 *
 * @param internal attributes of the ad itself that are looked at, as the ad spells them
 * @param external names that lead out of the ad: {@code TARGET.Memory} with its scope, an unscoped
 *     name that the ad does not have without; as the expression spells them
 */
public record References(Set<String> internal, Set<String> external) {
  public References {
    internal = sorted(internal);
    external = sorted(external);
  }

  private static Set<String> sorted(Set<String> names) {
    Set<String> copy = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    copy.addAll(names);
    return Collections.unmodifiableSet(copy);
  }

  /**
   * The references of an expression that stands in the ad. Unlike HTCondor's, this search never
   * gives up.
   */
  public static References of(Expr expr, ClassAd ad, EvalContext context) {
    Finder finder = new Finder(ad, context);
    finder.whole(expr);
    return new References(finder.internal, finder.external);
  }

  /** The references of one of the ad's attributes; none if it has none of that name. */
  public static References of(String attribute, ClassAd ad, EvalContext context) {
    Expr expr = ad.expr(attribute);
    return of(expr == null ? Literal.UNDEFINED : expr, ad, context);
  }

  private static final class Finder {
    private final Scope root;
    private final EvalContext context;
    private final Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> internal = new HashSet<>();
    private final Set<String> external = new HashSet<>();

    Finder(ClassAd ad, EvalContext context) {
      this.root = new Scope(ad, null);
      this.context = context;
    }

    void whole(Expr expr) {
      DeepStack.test(
          () -> {
            visit(expr, root);
            return true;
          });
    }

    private void visit(Expr expr, Scope scope) {
      switch (expr) {
        case Literal l -> {}
        case Side s -> {}
        case Reference r -> reference(r, scope);
        case Unary u -> visit(u.operand, scope);
        case Binary b -> {
          visit(b.left, scope);
          visit(b.right, scope);
        }
        case Conditional c -> {
          visit(c.test, scope);
          if (c.yes != null) {
            visit(c.yes, scope);
          }
          visit(c.no, scope);
        }
        case Subscript s -> {
          visit(s.container, scope);
          visit(s.index, scope);
        }
        case Call c -> all(c.args, scope);
        case ListExpr l -> all(l.elements, scope);
        case AdExpr a -> {
          Scope nested = new Scope(a.ad, scope);
          for (int i = 0; i < a.ad.size(); i++) {
            visit(a.ad.exprAt(i), nested);
          }
        }
      }
    }

    private void all(Expr[] list, Scope scope) {
      for (Expr e : list) {
        visit(e, scope);
      }
    }

    private void reference(Reference r, Scope scope) {
      if (r.base == null) {
        follow(r, r.absolute ? root : scope, r.name.text);
        return;
      }
      Value container = new Evaluation(context, scope).at(r.base);
      switch (container) {
        case Value.AdValue a -> {
          visitBase(r.base, scope);
          follow(r, a.scope, r.name.text);
        }
        case Value.Undefined u -> {
          if (r.base instanceof Reference b
              && b.base == null
              && !b.absolute
              && lookup(b, scope) == null) {
            external.add(ByteText.toText(b.name.text + "." + r.name.text));
          } else {
            visit(r.base, scope);
          }
        }
        default -> visit(r.base, scope);
      }
    }

    /** MY and its like are no attributes; anything else that leads to an ad is. */
    private void visitBase(Expr base, Scope scope) {
      if (!(base instanceof Reference b && b.base == null && b.special.applies(context.condor()))
          || lookup(b, scope) != null) {
        visit(base, scope);
      }
    }

    private @Nullable Scope lookup(Reference r, Scope from) {
      for (Scope s = from; s != null; s = s.parent) {
        if (s.ad.find(r.name) != null) {
          return s;
        }
      }
      return null;
    }

    private void follow(Reference r, Scope from, String spelt) {
      Scope found = lookup(r, from);
      if (found == null) {
        if (!r.special.applies(context.condor())) {
          external.add(ByteText.toText(spelt));
        }
        return;
      }
      if (found == root) {
        internal.add(ByteText.toText(found.ad.spelling(r.name)));
      }
      Expr target = found.ad.find(r.name);
      if (target != null && seen.add(target)) {
        visit(target, found);
      }
    }
  }
}
