package org.vocluster.sizing.demand;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Match;
import org.vocluster.condor.Resources;

/**
 * Whether the empty nodes of a definition would take a job, and if not, why: the one judgement on
 * which {@link Demand} submits nodes and {@code voc why} explains what a job waits for. When the
 * job would run is no part of it ({@link Deferral}).
 */
public sealed interface Fit {
  /**
   * They would.
   *
   * @param request what the job takes of such a node, as carved from its slot
   */
  record Fits(Resources request) implements Fit {}

  /**
   * It asks for more than such a node has.
   *
   * @param request as carved from the slot
   */
  record TooLarge(Resources request, Resources offers) implements Fit {}

  /**
   * It runs for longer than such a node lives.
   *
   * @param seconds as it says
   * @param longest what a node has time for
   */
  record TooLong(long seconds, long longest) implements Fit {}

  /**
   * Its Requirements do not accept them.
   *
   * @param refusing the clauses that do not; none if it has no Requirements
   */
  record RefusesNode(List<ClauseAnalysis.Clause> refusing) implements Fit {
    public RefusesNode {
      refusing = List.copyOf(refusing);
    }
  }

  /**
   * It would accept them, and their START does not accept it.
   *
   * @param refusing the clauses that do not
   */
  record NodeRefuses(List<ClauseAnalysis.Clause> refusing) implements Fit {
    public NodeRefuses {
      refusing = List.copyOf(refusing);
    }
  }

  /**
   * Nobody can tell before a node has shown itself: its Requirements would accept one that has what
   * they ask for, and whether the image has that is not known.
   *
   * @param request as carved from the slot
   * @param attributes what the clauses that do not hold look at and nobody knows
   */
  record Untold(Resources request, List<String> attributes) implements Fit {
    public Untold {
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * Judges a job, whatever its VO.
   *
   * @param context with the clock that {@code time()} reads in the ads
   */
  static Fit of(ClassAd job, NodePrototype prototype, EvalContext context) {
    ClassAd slot = prototype.slot();
    Resources request = JobRequest.of(job, slot, prototype.offers(), context);
    if (prototype.offers().fits(request) == 0) {
      return new TooLarge(request, prototype.offers());
    }
    long seconds = JobLength.seconds(job, context);
    if (seconds > prototype.longestJob()) {
      return new TooLong(seconds, prototype.longestJob());
    }
    boolean accepts = Match.requirementsMet(job, slot, context);
    List<String> untold = List.of();
    if (!accepts) {
      List<ClauseAnalysis.Clause> refusing = ClauseAnalysis.of(job, slot, context).refusing();
      untold = untold(refusing, job, prototype);
      if (untold.isEmpty()) {
        return new RefusesNode(refusing);
      }
    }
    if (!Match.requirementsMet(slot, job, context)) {
      return new NodeRefuses(ClauseAnalysis.of(slot, job, context).refusing());
    }
    return accepts ? new Fits(request) : new Untold(request, untold);
  }

  /**
   * What the clauses look at that nobody knows of such nodes; nothing if one of them refuses what
   * is known.
   */
  private static List<String> untold(
      List<ClauseAnalysis.Clause> refusing, ClassAd job, NodePrototype prototype) {
    Set<String> untold = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (ClauseAnalysis.Clause clause : refusing) {
      boolean any = false;
      for (String name : SlotNames.of(clause.expression(), job, prototype.slot())) {
        if (!prototype.tells(name)) {
          untold.add(name);
          any = true;
        }
      }
      if (!any) {
        return List.of();
      }
    }
    return List.copyOf(untold);
  }
}
