package org.vocluster.sizing.demand;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.condor.Resources;

/**
 * What a job takes of a slot where that depends on what the slot has left, as in {@code
 * request_cpus = TARGET.Cpus}: worked out anew for each amount, as the negotiator does it for each
 * slot. {@link Candidate} has one for such jobs, which are few.
 */
final class SlotRequest {
  /**
   * How often all jobs together may have theirs worked out before what they take of a whole node
   * has to do: a user must not make sizing slow.
   */
  static final int MOST_EVALUATIONS = 50_000;

  private static final List<String> LEFT =
      List.of(CondorAttr.CPUS, CondorAttr.MEMORY, CondorAttr.DISK, CondorAttr.GPUS);

  /** How often more may still be worked out, by all that share it. */
  static final class Budget {
    private int left = MOST_EVALUATIONS;

    private boolean spend() {
      left--;
      return left >= 0;
    }
  }

  private final ClassAd job;
  private final NodePrototype prototype;
  private final EvalContext context;
  private final Resources ofWhole;
  private final Budget budget;
  private final Map<Resources, Resources> known = new HashMap<>();

  private SlotRequest(
      ClassAd job, NodePrototype prototype, EvalContext context, Resources ofWhole, Budget budget) {
    this.job = job;
    this.prototype = prototype;
    this.context = context;
    this.ofWhole = ofWhole;
    this.budget = budget;
  }

  /**
   * Of a job that nodes of this prototype would take; empty if it always takes the same.
   *
   * @param ofWhole what it takes of an empty node
   */
  static Optional<SlotRequest> of(
      ClassAd job, NodePrototype prototype, EvalContext context, Resources ofWhole, Budget budget) {
    return looksAtWhatIsLeft(job, prototype.slot())
        ? Optional.of(new SlotRequest(job, prototype, context, ofWhole, budget))
        : Optional.empty();
  }

  private static boolean looksAtWhatIsLeft(ClassAd job, ClassAd slot) {
    for (String request : JobRequest.AMOUNTS) {
      Expr expr = job.expr(request);
      if (expr != null && expr.literal() == null) {
        Set<String> names = SlotNames.of(expr, job, slot);
        if (LEFT.stream().anyMatch(names::contains)) {
          return true;
        }
      }
    }
    return false;
  }

  /** What it takes of a slot with so much left; more than that if it does not fit there. */
  Resources at(Resources left) {
    Resources request = known.get(left);
    if (request == null) {
      if (!budget.spend()) {
        return ofWhole;
      }
      ClassAd slot =
          prototype.slot().toBuilder()
              .set(CondorAttr.CPUS, left.cpus())
              .set(CondorAttr.MEMORY, left.memoryMb())
              .set(CondorAttr.DISK, left.diskKb())
              .set(CondorAttr.GPUS, left.gpus())
              .build();
      request = JobRequest.of(job, slot, prototype.offers(), context);
      known.put(left, request);
    }
    return request;
  }
}
