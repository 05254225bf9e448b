package org.vocluster.sizing.demand;

import java.util.List;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Value;

/**
 * How long a job runs at most, if it says so, and how long a node is there for it: a job does not
 * start in a node that takes no more jobs before it would be over. {@link Fit} judges by it, what
 * is left of nodes' lives is compared with it, and the simulation's negotiator looks at it as a
 * node's START does ({@link org.vocluster.ad.Constraints#NODE_START}). Pure.
 */
public final class JobLength {
  /** What says it: what the access point makes of the job, then HTCondor's own limits. */
  static final List<String> ATTRIBUTES =
      List.of(
          Attr.RUN_SECONDS, CondorAttr.ALLOWED_EXECUTE_DURATION, CondorAttr.ALLOWED_JOB_DURATION);

  /** No more than that of a node's life goes by before it can be matched. */
  private static final long LONGEST_START_SECONDS = 300;

  private JobLength() {}

  /**
   * The length in seconds; 0 if the job does not say it. Jobs that another access point's transform
   * has not seen have HTCondor's limits alone, of which the shorter one holds. What is no number
   * above 0, or an expression that only a slot can settle, says nothing.
   */
  public static long seconds(ClassAd job, EvalContext context) {
    if (job.has(Attr.RUN_SECONDS)) {
      return switch (job.evaluate(Attr.RUN_SECONDS, context)) {
        case Value.Int i -> Math.max(0, i.value());
        case Value.Real r -> r.value() > 0 ? (long) Math.ceil(r.value()) : 0;
        default -> 0;
      };
    }
    long execute = whole(job, CondorAttr.ALLOWED_EXECUTE_DURATION, context);
    long inAll = whole(job, CondorAttr.ALLOWED_JOB_DURATION, context);
    return execute == 0 || inAll == 0 ? Math.max(execute, inAll) : Math.min(execute, inAll);
  }

  private static long whole(ClassAd job, String attribute, EvalContext context) {
    return job.evaluate(attribute, context) instanceof Value.Int i ? Math.max(0, i.value()) : 0;
  }

  /**
   * How long a job may be for nodes that take jobs for so long after their start: their boot and
   * the next negotiation are part of it.
   */
  public static long longest(long lifetimeSeconds) {
    return lifetimeSeconds - Math.min(lifetimeSeconds / 10, LONGEST_START_SECONDS);
  }
}
