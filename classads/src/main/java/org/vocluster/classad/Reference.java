package org.vocluster.classad;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A name: {@code a}, {@code .a} or {@code base.a}. */
final class Reference extends Expr {
  private static final Name TARGET = Name.of("target");
  private static final Name MY = Name.of("my");

  final @Nullable Expr base;
  final Name name;
  final boolean absolute;
  final Special special;
  private final boolean targetBase;
  private final boolean myBase;

  /** Names that mean something where no attribute has them (classad.cpp, getSpecialAttrNames). */
  enum Special {
    NONE,
    ROOT,
    SELF,
    MY,
    PARENT,
    CURRENT_TIME;

    static Special of(Name name) {
      String t = name.text;
      return switch (t.length()) {
        case 2 -> Name.equalsIgnoreCase(t, "my") ? MY : NONE;
        case 4 ->
            Name.equalsIgnoreCase(t, "self")
                ? SELF
                : Name.equalsIgnoreCase(t, "root") ? ROOT : NONE;
        case 6 -> Name.equalsIgnoreCase(t, "parent") ? PARENT : NONE;
        case 8 -> Name.equalsIgnoreCase(t, "toplevel") ? ROOT : NONE;
        case 11 -> Name.equalsIgnoreCase(t, "CurrentTime") ? CURRENT_TIME : NONE;
        default -> NONE;
      };
    }

    boolean applies(boolean condor) {
      return this != NONE && (condor || (this != MY && this != CURRENT_TIME));
    }
  }

  Reference(@Nullable Expr base, Name name, boolean absolute) {
    super(base == null ? 3 : base.height + 3, base == null ? 1 : base.size + 1);
    this.base = base;
    this.name = name;
    this.absolute = absolute;
    this.special = Special.of(name);
    Name plain = base instanceof Reference r && r.base == null && !r.absolute ? r.name : null;
    this.targetBase = plain != null && plain.matches(TARGET);
    this.myBase = plain != null && plain.matches(MY);
  }

  @Override
  Value eval(Evaluation e) {
    if (base != null) {
      Scope side = sideOfMatch(e);
      if (side != null) {
        Value v = e.lookup(side, this);
        return v == null ? Value.UNDEFINED : v;
      }
      // Functions such as countMatches() move the evaluation elsewhere; a reference brings it back.
      Scope cur = e.cur;
      Value v = evalWithin(evalBase(e, base), e);
      e.cur = cur;
      return v;
    }
    Scope start = absolute ? e.root : e.cur;
    if (start == null) {
      return absolute ? Evaluation.FAILED : Value.UNDEFINED;
    }
    Value v = e.lookup(start, this);
    if (v == null && !absolute && start.alternate != null) {
      v = e.lookup(start.alternate, this);
    }
    return v == null ? Value.UNDEFINED : v;
  }

  private Value evalWithin(Value container, Evaluation e) {
    if (container instanceof Value.AdValue a) {
      Value v = e.lookup(a.scope, this);
      return v == null ? Value.UNDEFINED : v;
    }
    if (container instanceof Value.ListValue l) {
      return e.project(l, name);
    }
    return container instanceof Value.Undefined || container instanceof Value.Error
        ? container
        : Value.ERROR;
  }

  private static Value evalBase(Evaluation e, Expr base) {
    if (!e.modern) {
      return base.eval(e);
    }
    if (e.depth <= 0) {
      return Value.ERROR;
    }
    e.depth--;
    Value v = base.eval(e);
    e.depth++;
    return v;
  }

  /**
   * The scope that MY or TARGET leads to where no attribute of that name stands in between, a short
   * cut.
   */
  private @Nullable Scope sideOfMatch(Evaluation e) {
    Scope cur = e.cur;
    if (cur == null || e.depth < 4 || e.modern) {
      return null;
    }
    if (targetBase) {
      MatchScopes match = cur.match;
      if (match != null && e.root == match.top) {
        Scope other = match.other(cur);
        return other != null && !cur.ad.hasTarget() ? other : null;
      }
    } else if (myBase && e.condor && !cur.ad.hasMy()) {
      return cur;
    }
    return null;
  }

  @Override
  boolean same(Expr other) {
    Reference r = (Reference) other;
    return absolute == r.absolute
        && (name == r.name || name.text.equals(r.name.text))
        && (base == null
            ? r.base == null
            : r.base != null && base.getClass() == r.base.getClass() && base.same(r.base));
  }

  @Override
  int hash() {
    return 31 * Objects.hash(name.text, absolute) + (base == null ? 0 : base.hash());
  }
}
