package org.vocluster.sizing.demand;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Match;
import org.vocluster.classad.Mentions;
import org.vocluster.classad.Value;

/**
 * What each clause of an ad's Requirements says to one target, and the attributes that it says so
 * for. A clause is an operand of the outermost {@code &&}; where such an operand is the name of an
 * attribute that is an expression itself, as {@code Start} in a slot's Requirements, its clauses
 * stand in its place. For those who say why something does not match; whether it does is for {@link
 * Fit} to judge. Pure.
 *
 * @param clauses all of them, from left to right
 */
public record ClauseAnalysis(List<Clause> clauses) {
  /** How far attributes that are named as clauses are followed. */
  private static final int MOST_LEVELS = 20;

  public ClauseAnalysis {
    clauses = List.copyOf(clauses);
  }

  /**
   * One clause.
   *
   * @param expression as the ad has it
   * @param value what it is with this target; the target is accepted only if all are true
   * @param sees the attributes it names, which ad has them and what they are
   */
  public record Clause(Expr expression, Value value, List<Seen> sees) {
    public Clause {
      sees = List.copyOf(sees);
    }

    /** Whether this clause accepts the target. */
    public boolean met() {
      return value.truth() == Value.Truth.TRUE;
    }

    /** {@code TARGET.OpSys == "WINDOWS" is false: TARGET.OpSys = "LINUX"}. */
    @Override
    public String toString() {
      StringBuilder text =
          new StringBuilder(expression.toString().strip()).append(" is ").append(value);
      String between = ": ";
      for (Seen seen : sees) {
        text.append(between).append(seen);
        between = ", ";
      }
      return text.toString();
    }
  }

  /**
   * An attribute that a clause names.
   *
   * @param side whose it is
   * @param name as the clause spells it
   * @param value undefined where that ad has none of the name
   */
  public record Seen(Side side, String name, Value value) {
    @Override
    public String toString() {
      return side + "." + name + " = " + value;
    }
  }

  /** The two ads of a match, as their expressions call them. */
  public enum Side {
    /** The ad whose Requirements are analysed. */
    MY,
    /** The ad that these accept or refuse. */
    TARGET
  }

  /**
   * Analyses an ad's Requirements.
   *
   * @return without clauses if the ad has no Requirements, in which case it accepts nothing
   */
  public static ClauseAnalysis of(ClassAd ad, ClassAd target, EvalContext context) {
    Expr requirements = ad.expr(CondorAttr.REQUIREMENTS);
    List<Clause> clauses = new ArrayList<>();
    if (requirements != null) {
      new Analysis(ad, target, context, clauses).split(requirements, 0);
    }
    return new ClauseAnalysis(clauses);
  }

  /** The clauses that do not accept the target. */
  public List<Clause> refusing() {
    return clauses.stream().filter(clause -> !clause.met()).toList();
  }

  private record Analysis(
      ClassAd ad, ClassAd target, EvalContext context, List<Clause> found, Match match) {
    Analysis(ClassAd ad, ClassAd target, EvalContext context, List<Clause> found) {
      this(ad, target, context, found, Match.of(ad, target, context));
    }

    void split(Expr whole, int level) {
      for (Expr conjunct : whole.conjuncts()) {
        Expr named = level < MOST_LEVELS ? ownExpression(conjunct) : null;
        if (named == null) {
          found.add(new Clause(conjunct, match.evaluateLeft(conjunct), sees(conjunct)));
        } else {
          split(named, level + 1);
        }
      }
    }

    /** What a clause that is nothing but the name of an own attribute stands for. */
    private @Nullable Expr ownExpression(Expr clause) {
      Mentions mentions = clause.mentions();
      if (mentions.own().size() + mentions.free().size() != 1 || !mentions.target().isEmpty()) {
        return null;
      }
      String name = (mentions.own().isEmpty() ? mentions.free() : mentions.own()).iterator().next();
      String text = clause.toString().toLowerCase(Locale.ROOT);
      String lower = name.toLowerCase(Locale.ROOT);
      Expr expr = text.equals(lower) || text.equals("my." + lower) ? ad.expr(name) : null;
      return expr != null && expr.literal() == null ? expr : null;
    }

    private List<Seen> sees(Expr clause) {
      Mentions mentions = clause.mentions();
      Map<String, Seen> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      mentions.own().forEach(name -> put(seen, Side.MY, name));
      mentions.target().forEach(name -> put(seen, Side.TARGET, name));
      mentions
          .free()
          .forEach(
              name -> put(seen, ad.has(name) || !target.has(name) ? Side.MY : Side.TARGET, name));
      return List.copyOf(seen.values());
    }

    private void put(Map<String, Seen> seen, Side side, String name) {
      Value value =
          side == Side.MY ? ad.evaluate(name, target, context) : target.evaluate(name, ad, context);
      seen.put(side + "." + name, new Seen(side, name, value));
    }
  }
}
