package org.vocluster.classad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One evaluation under way: where names are looked up, and what is left of the bounds. */
final class Evaluation {
  /** exprTree.h, MAX_CLASSAD_RECURSION. */
  static final int MAX_DEPTH = 400;

  /**
   * Nodes evaluated at most, as in 25.14 (exprTree.h, MAX_CLASSAD_EVAL_STEPS); 23.9 itself has no
   * such bound.
   */
  private static final long MAX_STEPS = 10_000_000;

  /**
   * The evaluation itself gave up (recursion bound, circular reference in 23.9): not a value that
   * operators look at, but the end of the whole evaluation, save where HTCondor's functions ignore
   * it. From outside it is an error.
   */
  static final Value.Error FAILED = new Value.Error();

  final EvalContext context;
  final boolean condor;
  final boolean modern;

  /** Where a name is looked up first. */
  @Nullable Scope cur;

  /**
   * Where the expression stands; differs from {@link #cur} for the elements of another ad's list.
   */
  @Nullable Scope lex;

  @Nullable Scope root;

  /** Attribute references (25.14: operators too) that may still be nested. */
  int depth = MAX_DEPTH;

  private long steps = MAX_STEPS;
  private int level;
  private boolean deep;

  private static final Expr[] NO_EXPRS = {};
  private static final Scope[] NO_SCOPES = {};

  /**
   * The attributes being evaluated, innermost last; kept only for 25.14, which finds circles by
   * them.
   */
  private Expr[] activeExprs = NO_EXPRS;

  private Scope[] activeScopes = NO_SCOPES;
  private int active;

  Evaluation(EvalContext context, @Nullable Scope scope) {
    this.context = context;
    this.condor = context.condor();
    this.modern = context.modern();
    this.cur = scope;
    this.lex = scope;
    this.root = scope == null ? null : scope.top();
  }

  @SuppressWarnings("ReferenceEquality") // equal to every other error
  static boolean failed(Value v) {
    return v == FAILED;
  }

  /** Takes from the evaluation's budget; false if nothing is left. */
  boolean charge(int nodes) {
    steps -= nodes;
    return steps >= 0;
  }

  /** Takes the time of something slow from the budget: a step for each microsecond. */
  void chargeTime(long nanos) {
    steps -= nanos / 1000;
  }

  boolean descend() {
    if (--depth < 0) {
      depth++;
      return false;
    }
    return true;
  }

  void ascend() {
    depth++;
  }

  /**
   * The value of an expression where the evaluation stands; minds the budget and the Java stack.
   */
  Value at(Expr expr) {
    steps -= expr.size;
    if (steps < 0) {
      return Evaluation.FAILED;
    }
    int before = level;
    level += expr.height;
    Value v;
    if (level > DeepStack.MAX_LEVELS) {
      v = Evaluation.FAILED;
    } else if (level > DeepStack.SAFE_LEVELS && !deep) {
      deep = true;
      v = DeepStack.get(() -> expr.eval(this));
      deep = false;
    } else {
      v = expr.eval(this);
    }
    level = before;
    return v;
  }

  /**
   * Finds a name from a scope outwards and evaluates what it stands for; null if there is no such
   * name.
   */
  @Nullable Value lookup(Scope start, Reference reference) {
    Name name = reference.name;
    Scope scope = start;
    do {
      Expr found = scope.ad.find(name);
      if (found != null) {
        return dereference(found, scope);
      }
      if (reference.special.applies(condor)) {
        return special(reference.special, scope);
      }
      scope = scope.parent;
    } while (scope != null);
    return null;
  }

  private @Nullable Value special(Reference.Special special, Scope scope) {
    return switch (special) {
      case NONE -> null;
      case ROOT -> root == null ? Evaluation.FAILED : bounded(root.value());
      case SELF, MY -> bounded(scope.value());
      case PARENT -> scope.parent == null ? null : bounded(scope.parent.value());
      case CURRENT_TIME -> bounded(Value.of(context.now()));
    };
  }

  private Value bounded(Value v) {
    return depth <= 0 ? Evaluation.FAILED : v;
  }

  @SuppressWarnings("ReferenceEquality") // an equal expression elsewhere is no circle
  private Value dereference(Expr expr, Scope scope) {
    if (depth <= 0) {
      return Evaluation.FAILED;
    }
    if (expr instanceof Literal literal) {
      steps--;
      return literal.eval(this);
    }
    if (modern) {
      for (int i = active - 1; i >= 0; i--) {
        if (activeExprs[i] == expr && activeScopes[i].same(scope)) {
          return Value.UNDEFINED;
        }
      }
      push(expr, scope);
    }
    Scope oldCur = cur;
    Scope oldLex = lex;
    cur = scope;
    lex = scope;
    depth--;
    Value v = at(expr);
    depth++;
    cur = oldCur;
    lex = oldLex;
    if (modern) {
      active--;
    }
    return v;
  }

  private void push(Expr expr, Scope scope) {
    if (active == activeExprs.length) {
      activeExprs = Arrays.copyOf(activeExprs, active * 2 + 8);
      activeScopes = Arrays.copyOf(activeScopes, active * 2 + 8);
    }
    activeExprs[active] = expr;
    activeScopes[active] = scope;
    active++;
  }

  /** An expression of an ad evaluated by itself, as EvaluateAttr does: with bounds of its own. */
  Value apart(Scope scope, Expr expr) {
    Evaluation inner = inner(scope);
    Value v = inner.at(expr);
    steps = inner.steps;
    return Evaluation.failed(v) ? Value.ERROR : v;
  }

  /** As {@link #apart(Scope, Expr)}, of an expression that stands in another ad. */
  Value apart(Scope scope, @Nullable Scope exprScope, Expr expr) {
    Evaluation inner = inner(scope);
    inner.lex = exprScope;
    Value v = inner.at(expr);
    steps = inner.steps;
    return failed(v) ? Value.ERROR : v;
  }

  /**
   * What a name stands for, unevaluated; null if nothing. Leaves the evaluation where the search
   * ended, as AttributeReference::Deref does and the functions that use it do not undo.
   */
  @Nullable Expr find(Reference reference) {
    Scope start;
    if (reference.base == null) {
      start = reference.absolute ? root : cur;
    } else {
      Value v = reference.base.eval(this);
      if (v instanceof Value.ListValue list) {
        Value projected = project(list, reference.name);
        return failed(projected) ? null : Literal.constant(projected);
      }
      start = v instanceof Value.AdValue a ? a.scope : null;
    }
    if (start == null) {
      return null;
    }
    Expr found = findFrom(start, reference);
    if (found == null && reference.base == null && !reference.absolute && start.alternate != null) {
      found = findFrom(start.alternate, reference);
    }
    return found;
  }

  /** What a name stands for from a scope outwards; leaves {@link #cur} where the search ended. */
  @Nullable Expr findFrom(Scope start, Reference reference) {
    Scope scope = start;
    while (true) {
      cur = scope;
      Expr found = scope.ad.find(reference.name);
      if (found != null) {
        return found;
      }
      if (reference.special.applies(condor)) {
        Value v = special(reference.special, scope);
        return v == null || failed(v) ? null : Literal.pinned(v);
      }
      if (scope.parent == null) {
        return null;
      }
      scope = scope.parent;
    }
  }

  /** A new evaluation on the same Java stack and budget. */
  private Evaluation inner(@Nullable Scope scope) {
    Evaluation inner = new Evaluation(context, scope);
    inner.steps = steps;
    inner.level = level + 8;
    inner.deep = deep;
    return inner;
  }

  /** An element by its index, evaluated where the list stands (exprList.cpp, GetValueAt). */
  Value elementAt(Value.ListValue list, int index) {
    if (depth <= 0) {
      return Value.ERROR;
    }
    if (list.list.elements[index] instanceof Literal literal) {
      return literal.eval(this);
    }
    Scope oldCur = cur;
    Scope oldLex = lex;
    cur = list.scope;
    lex = list.scope;
    depth--;
    Value v = at(list.list.elements[index]);
    depth++;
    cur = oldCur;
    lex = oldLex;
    return Evaluation.failed(v) ? Value.ERROR : v;
  }

  /** An element evaluated where the evaluation stands, as functions over lists do. */
  Value elementHere(Value.ListValue list, int index) {
    if (list.list.elements[index] instanceof Literal literal) {
      steps--;
      return steps < 0 ? FAILED : literal.eval(this);
    }
    Scope oldLex = lex;
    lex = list.scope;
    Value v = at(list.list.elements[index]);
    lex = oldLex;
    return v;
  }

  /** {@code list.name}: the list of what that gives for each element (attrrefs.cpp, FindExpr). */
  Value project(Value.ListValue list, Name name) {
    List<Expr> elements = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      Evaluation inner = inner(cur);
      inner.depth = depth;
      inner.lex = list.scope;
      if (modern) {
        inner.activeExprs = activeExprs.clone();
        inner.activeScopes = activeScopes.clone();
        inner.active = active;
      }
      Value v = inner.at(new Reference(list.list.elements[i], name, false));
      steps = inner.steps;
      if (Evaluation.failed(v)) {
        return v;
      }
      elements.add(
          switch (v) {
            case Value.AdValue a -> new AdExpr(a.scope.ad);
            case Value.ListValue l -> l.list;
            default -> Literal.constant(v);
          });
    }
    if (depth <= 0) {
      return Evaluation.FAILED;
    }
    return new Value.ListValue(new ListExpr(elements.toArray(new Expr[0])), null, false);
  }
}
