package org.vocluster.classad;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates what of an expression can be evaluated within an ad. Every step keeps the value
 * exactly, so that, unlike HTCondor's Flatten, {@code true && x} stays as it is unless x can only
 * be a boolean.
 */
final class Flattener {
  /** Attributes that are put in place of their names within each other. */
  private static final int MAX_INLINED = 40;

  private static final Set<Builtin> CONTEXTUAL =
      Set.of(
          Builtin.DEBUG,
          Builtin.EVAL,
          Builtin.UNPARSE,
          Builtin.UNRESOLVED,
          Builtin.EVAL_IN_EACH_CONTEXT,
          Builtin.COUNT_MATCHES,
          Builtin.USER_HOME,
          Builtin.USER_MAP,
          Builtin.TIME,
          Builtin.CURRENT_TIME,
          Builtin.DAY_TIME,
          Builtin.TIME_ZONE_OFFSET,
          Builtin.RANDOM);

  private final ClassAd ad;
  private final EvalContext context;
  private final Set<String> open = new HashSet<>();
  private long work = 200_000;

  Flattener(ClassAd ad, EvalContext context) {
    this.ad = ad;
    this.context = context;
  }

  Expr whole(Expr expr) {
    return DeepStack.get(() -> flatten(expr));
  }

  private Expr flatten(Expr expr) {
    if (--work < 0) {
      return expr;
    }
    return switch (expr) {
      case Literal l -> l;
      case Side s -> s;
      case AdExpr a -> a;
      case Reference r -> reference(r);
      case Unary u -> folded(new Unary(u.op, flatten(u.operand)));
      case Binary b -> binary(b);
      case Conditional c -> conditional(c);
      case Subscript s -> new Subscript(flatten(s.container), flatten(s.index));
      case Call c -> call(c);
      case ListExpr l -> new ListExpr(all(l.elements));
    };
  }

  private Expr[] all(Expr[] list) {
    Expr[] flat = new Expr[list.length];
    for (int i = 0; i < list.length; i++) {
      flat[i] = flatten(list[i]);
    }
    return flat;
  }

  /** The constant that an operator gives if its operands are constants. */
  private Expr folded(Unary u) {
    return u.operand.literal() == null ? u : constant(u);
  }

  private Expr constant(Expr e) {
    Value v = new Evaluation(context, null).at(e);
    boolean scalar = !(v instanceof Value.ListValue) && !(v instanceof Value.AdValue);
    // As a literal a reltime would be a number.
    return Evaluation.failed(v) || !scalar || v instanceof Value.RelTime ? e : Literal.constant(v);
  }

  private Expr reference(Reference r) {
    if (r.absolute) {
      return r;
    }
    if (r.base == null) {
      return inlined(r, ad.find(r.name));
    }
    boolean mine =
        context.condor()
            && r.base instanceof Reference b
            && b.base == null
            && b.special == Reference.Special.MY
            && !ad.hasMy();
    return mine ? inlined(r, ad.find(r.name)) : new Reference(flatten(r.base), r.name, false);
  }

  private Expr inlined(Reference r, @Nullable Expr found) {
    if (found == null || found instanceof AdExpr || found instanceof ListExpr) {
      return r;
    }
    String key = StringFunctions.lower(r.name.text);
    if (open.size() >= MAX_INLINED || !open.add(key)) {
      return r;
    }
    Expr flat = flatten(found);
    open.remove(key);
    return switch (flat) {
      case Literal l -> l;
      case Reference x -> x;
      case Call c -> c;
      case Unary u when u.op == Op.PAREN -> u;
      default -> new Unary(Op.PAREN, flat);
    };
  }

  private Expr binary(Binary b) {
    Expr left = flatten(b.left);
    Value a = left.literal();
    boolean logical = b.op == Op.AND || b.op == Op.OR;
    if (logical && a != null) {
      if (a.truth() == (b.op == Op.AND ? Value.Truth.FALSE : Value.Truth.TRUE)) {
        return b.op == Op.AND ? Literal.FALSE : Literal.TRUE;
      }
    }
    Expr right = flatten(b.right);
    if (a != null && right.literal() != null) {
      return constant(new Binary(b.op, left, right));
    }
    if (logical && a != null && a.truth() != Value.Truth.NONE && isBoolean(right)) {
      return right;
    }
    return new Binary(b.op, left, right);
  }

  /** Whether an expression's value can only be a boolean, undefined or an error. */
  private static boolean isBoolean(Expr e) {
    return switch (e) {
      case Binary b ->
          b.op.precedence == 6 || b.op.precedence == 7 || b.op == Op.AND || b.op == Op.OR;
      case Unary u -> u.op == Op.NOT || (u.op == Op.PAREN && isBoolean(u.operand));
      default -> false;
    };
  }

  private Expr conditional(Conditional c) {
    Expr test = flatten(c.test);
    Value t = test.literal();
    if (t != null && c.yes != null && t.truth() != Value.Truth.NONE) {
      return flatten(t.truth() == Value.Truth.TRUE ? c.yes : c.no);
    }
    if (t != null && c.yes == null) {
      return t instanceof Value.Undefined ? flatten(c.no) : test;
    }
    return new Conditional(test, c.yes == null ? null : flatten(c.yes), flatten(c.no));
  }

  private Expr call(Call c) {
    if (c.function == null || CONTEXTUAL.contains(c.function)) {
      return c;
    }
    Expr[] args = all(c.args);
    Call flat = new Call(c.name, args);
    for (Expr arg : args) {
      if (arg.literal() == null) {
        return flat;
      }
    }
    // Without arguments the functions of time ask the clock.
    return args.length == 0 ? flat : constant(flat);
  }
}
