package org.vocluster.sizing.demand;

import java.util.Optional;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Value;

/**
 * Before when the schedd does not run a job, and why not. Until then {@link Demand} asks for no
 * node, and {@code voc why} names the time and the reason.
 *
 * @param from when it would run it, in seconds since 1970; it may be past
 */
public record Deferral(long from, Why why) {
  /** What holds a job back. */
  public enum Why {
    /** A start of it failed ({@code JobCoolDownExpiration}; the schedd's {@code Runnable()}). */
    COOL_DOWN,
    /**
     * Its submitter wants a time ({@code DeferralTime}). What condor_submit writes into its
     * Requirements lets it match so long before as preparing and the next negotiation may take.
     */
    DEFERRED_START
  }

  /**
   * What an ad says; of two the later. Empty if the job was never held back.
   *
   * @param context for times that the submitter gave as expressions
   */
  public static Optional<Deferral> of(ClassAd job, EvalContext context) {
    Optional<Deferral> coolDown =
        job.has(CondorAttr.JOB_COOL_DOWN_EXPIRATION)
            ? Optional.of(
                new Deferral(
                    seconds(job, CondorAttr.JOB_COOL_DOWN_EXPIRATION, context) + 1, Why.COOL_DOWN))
            : Optional.empty();
    if (!job.has(CondorAttr.DEFERRAL_TIME)) {
      return coolDown;
    }
    Deferral deferred =
        new Deferral(
            seconds(job, CondorAttr.DEFERRAL_TIME, context)
                - seconds(job, CondorAttr.DEFERRAL_PREP_TIME, context)
                - seconds(job, CondorAttr.SCHEDD_INTERVAL, context),
            Why.DEFERRED_START);
    return coolDown.filter(first -> first.from >= deferred.from).or(() -> Optional.of(deferred));
  }

  private static long seconds(ClassAd job, String attribute, EvalContext context) {
    return job.evaluate(attribute, context) instanceof Value.Int i ? i.value() : 0;
  }
}
