package org.vocluster.sizing.demand;

import java.util.List;
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
   * Judges a job, whatever its VO.
   *
   * @param context with the clock that {@code time()} reads in the ads
   */
  static Fit of(ClassAd job, NodePrototype prototype, EvalContext context) {
    ClassAd slot = prototype.slot();
    Resources request = Resources.requested(job, slot, context).asCarvedFromSlot();
    if (prototype.offers().fits(request) == 0) {
      return new TooLarge(request, prototype.offers());
    }
    long seconds = JobLength.seconds(job, context);
    if (seconds > prototype.longestJob()) {
      return new TooLong(seconds, prototype.longestJob());
    }
    if (!Match.requirementsMet(job, slot, context)) {
      return new RefusesNode(ClauseAnalysis.of(job, slot, context).refusing());
    }
    if (!Match.requirementsMet(slot, job, context)) {
      return new NodeRefuses(ClauseAnalysis.of(slot, job, context).refusing());
    }
    return new Fits(request);
  }
}
