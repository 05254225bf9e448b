package org.vocluster.classad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable expression. Two expressions are equal if they are written alike but for white space
 * and comments: names of attributes and functions are compared with their case, parentheses count.
 */
public abstract sealed class Expr
    permits AdExpr,
        Binary,
        Call,
        Conditional,
        ListExpr,
        Literal,
        Reference,
        Side,
        Subscript,
        Unary {

  /** Levels of Java recursion that a walk over this tree may take. */
  final int height;

  /** Nodes in this tree. */
  final int size;

  Expr(int height, int size) {
    this.height = height;
    this.size = Math.max(size, 1);
  }

  /** Parses new-syntax text in the default language, {@link Language#CONDOR_23_9}. */
  public static Expr parse(String text) throws ClassAdSyntaxException {
    return NewForm.parseExpr(text, Language.CONDOR_23_9);
  }

  /** Parses new-syntax text. */
  public static Expr parse(String text, Language language) throws ClassAdSyntaxException {
    return NewForm.parseExpr(text, language);
  }

  /** The expression that is just this value. */
  public static Expr of(Value value) {
    return Literal.constant(value);
  }

  /** The expression that is just this name. */
  public static Expr attribute(String name) {
    return new Reference(null, Name.of(ByteText.fromText(name)), false);
  }

  /** The value, if the expression is nothing but a literal scalar; null otherwise. */
  public @Nullable Value literal() {
    return null;
  }

  /** The value of this expression in no ad at all. */
  public Value evaluate(EvalContext context) {
    return new Evaluation(context, null).at(this);
  }

  /** The value of this expression as if it stood in the ad. */
  public Value evaluate(ClassAd ad, EvalContext context) {
    return new Evaluation(context, new Scope(ad, null)).at(this);
  }

  /**
   * The value of this expression as if it stood in the ad while that is matched with the target.
   */
  public Value evaluate(ClassAd ad, ClassAd target, EvalContext context) {
    MatchScopes match = new MatchScopes(ad, target, context.condor());
    return new Evaluation(context, match.left).at(this);
  }

  /**
   * Partial evaluation: this expression with all that the ad answers put in its place and evaluated
   * as far as that goes. In that ad, whatever it is matched with, the result has the same value as
   * this expression. Names that the ad does not have, TARGET among them, remain.
   */
  public Expr flatten(ClassAd ad, EvalContext context) {
    return new Flattener(ad, context).whole(this);
  }

  /** The names this expression refers to when it stands in the ad. */
  public References references(ClassAd ad, EvalContext context) {
    return References.of(this, ad, context);
  }

  /** The names this expression is written with, in whatever ads it stands. */
  public Mentions mentions() {
    return Mentions.of(this);
  }

  /**
   * The expressions that this one is the {@code &&} of, without the parentheses around them, from
   * left to right; this expression alone where it is no {@code &&}.
   */
  public List<Expr> conjuncts() {
    return Mentions.conjuncts(this);
  }

  abstract Value eval(Evaluation e);

  abstract boolean same(Expr other);

  abstract int hash();

  @Override
  public final boolean equals(@Nullable Object o) {
    if (this == o) {
      return true;
    }
    if (!(o instanceof Expr other)
        || other.getClass() != getClass()
        || other.height != height
        || other.size != size) {
      return false;
    }
    return height > DeepStack.SAFE_LEVELS ? DeepStack.test(() -> same(other)) : same(other);
  }

  @Override
  public final int hashCode() {
    return height > DeepStack.SAFE_LEVELS ? DeepStack.get(this::hash) : hash();
  }

  /** The expression in new syntax. */
  @Override
  public final String toString() {
    return NewForm.print(this);
  }
}
