package org.vocluster.sizing.demand;

import java.util.Optional;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Value;

/**
 * Before when the schedd does not run a job, and why not. Until then {@link Demand} asks for no
 * node, and {@code voc why} names the time and the reason.
 *
 * @param from when it would run it, in seconds since 1970, at most {@link AdTime#LAST}; it may be
 *     past
 */
public record Deferral(long from, Why why) {
  /** No node boots sooner, so that a job which waits for less may as well have one made for it. */
  private static final long SHORT_SECONDS = 10;

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
                    AdTime.bounded(seconds(job, CondorAttr.JOB_COOL_DOWN_EXPIRATION, context) + 1),
                    Why.COOL_DOWN))
            : Optional.empty();
    if (!job.has(CondorAttr.DEFERRAL_TIME)) {
      return coolDown;
    }
    Deferral deferred =
        new Deferral(
            AdTime.bounded(
                wanted(job, context)
                    - seconds(job, CondorAttr.DEFERRAL_PREP_TIME, context)
                    - seconds(job, CondorAttr.SCHEDD_INTERVAL, context)),
            Why.DEFERRED_START);
    return coolDown.filter(first -> first.from >= deferred.from).or(() -> Optional.of(deferred));
  }

  /** When its submitter wants it to start, in seconds since 1970; 0 if whenever it can. */
  public static long wanted(ClassAd job, EvalContext context) {
    return seconds(job, CondorAttr.DEFERRAL_TIME, context);
  }

  /**
   * Whether the job is no reason for a node yet. One that is cooled down for a moment is: when a
   * node ends, its jobs and their owner's idle ones are.
   *
   * @param now in seconds since 1970
   */
  boolean holdsBack(long now) {
    return from > now + (why == Why.COOL_DOWN ? SHORT_SECONDS : 0);
  }

  /** 0 for what is no number; any number that is, within what sums of three can hold. */
  private static long seconds(ClassAd job, String attribute, EvalContext context) {
    return switch (job.evaluate(attribute, context)) {
      case Value.Int i -> AdTime.bounded(i.value());
      case Value.Real r -> AdTime.bounded((long) r.value());
      default -> 0;
    };
  }
}
