package org.vocluster.simulation;

import java.util.List;

/**
 * The pool that a policy is tried in.
 *
 * @param hosts the physical hosts
 * @param boot how long a node takes from its node job's start to the pool, if it ever joins
 * @param lags how late things are seen and done
 * @param negotiator when matches are made
 * @param quotas the accounting groups' shares
 * @param seed of everything random: the same seed gives the same result
 * @param untilMs when the simulation ends at the latest, after the trace's first submission
 */
public record Conditions(
    List<HostGroup> hosts,
    Boot boot,
    Lags lags,
    Negotiator negotiator,
    Quotas quotas,
    long seed,
    long untilMs) {

  /** Stands for no end but that of the work. */
  public static final long NO_END = Long.MAX_VALUE;

  public Conditions {
    hosts = List.copyOf(hosts);
  }

  /**
   * A normal distribution, cut off below a tenth of its mean.
   *
   * @param meanMs mean in milliseconds
   * @param deviationMs standard deviation in milliseconds, 0 for a constant
   * @param failures probability from 0 to 1 that a node never joins
   */
  public record Boot(long meanMs, long deviationMs, double failures) {
    /** The boot time for a value of the standard normal distribution. */
    long of(double standard) {
      return Math.max(Math.max(1, meanMs / 10), Math.round(meanMs + standard * deviationMs));
    }
  }

  /**
   * Delays in milliseconds.
   *
   * @param queueMs from a change of the queue to the sizer's pass that has it
   * @param submitMs from the decision to the node jobs' being in the queue, and from the decision
   *     to a removal
   * @param startMs from a match to the running job
   * @param shutdownMs from a node's decision to leave to the end of its node job
   * @param lostMs from a node's sudden end to its jobs' being idle again (the reaper)
   */
  public record Lags(long queueMs, long submitMs, long startMs, long shutdownMs, long lostMs) {
    /** As measured on the project's own pools, see docs/benchmarks.md. */
    public static final Lags MEASURED = new Lags(100, 150, 500, 3_000, 2_000);
  }

  /**
   * When negotiation cycles begin.
   *
   * @param intervalMs so long after the last one if nobody asks ({@code NEGOTIATOR_INTERVAL})
   * @param delayMs and not sooner than so long after it if somebody does ({@code
   *     NEGOTIATOR_CYCLE_DELAY})
   * @param scheddMs the access point asks at most so often ({@code SCHEDD_MIN_INTERVAL})
   */
  public record Negotiator(long intervalMs, long delayMs, long scheddMs) {
    /** HTCondor's defaults. */
    public static final Negotiator STANDARD = new Negotiator(60_000, 20_000, 5_000);
  }
}
