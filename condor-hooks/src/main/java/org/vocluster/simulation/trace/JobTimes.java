package org.vocluster.simulation.trace;

import java.util.OptionalLong;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.demand.Deferral;

/**
 * What a job's ad says of time, all of it within what clocks reach. {@link AdTrace} asks it. A
 * job's life has more in it than its run: it waits, is held for days, and runs again.
 */
final class JobTimes {
  private final ClassAd job;

  JobTimes(ClassAd job) {
    this.job = job;
  }

  /** When it was submitted, in seconds since 1970; empty if the ad does not say, or nonsense. */
  OptionalLong submitted() {
    double at = job.number(CondorAttr.Q_DATE).orElse(-1);
    return at >= 0 && at <= AdTime.LAST ? OptionalLong.of((long) at) : OptionalLong.empty();
  }

  /**
   * When the schedd may run it, which for a job with {@code DeferralTime} is some minutes before
   * that. A cool-down is past: it was of a run that the simulation makes anew.
   */
  long runnable(long submitted) {
    return Deferral.of(job.without(CondorAttr.JOB_COOL_DOWN_EXPIRATION), at(submitted))
        .map(deferral -> Math.max(submitted, deferral.from()))
        .orElse(submitted);
  }

  /** Until when it waits in its slot for its own time; 0 if it has none. */
  long notBefore(long submitted) {
    return runnable(submitted) > submitted ? Deferral.wanted(job, at(submitted)) : 0;
  }

  private static EvalContext at(long second) {
    return EvalContext.DEFAULT.withClock(() -> second);
  }

  /** The state that the ad is of; without a word, that of one in a history. */
  JobStatus status() {
    return job.has(CondorAttr.JOB_STATUS)
        ? JobStatus.of((int) job.integer(CondorAttr.JOB_STATUS).orElse(0))
        : JobStatus.COMPLETED;
  }

  /**
   * How long the last run of a job took that completed or was removed, in seconds, the time it was
   * suspended not counted. Empty if it never ran.
   */
  OptionalLong lastRun() {
    double seconds = wholeLastRun();
    if (seconds < 0) {
      return OptionalLong.empty();
    }
    boolean once = number(CondorAttr.NUM_JOB_STARTS, 1) <= 1;
    double suspended =
        number(
            once ? CondorAttr.CUMULATIVE_SUSPENSION_TIME : CondorAttr.COMMITTED_SUSPENSION_TIME, 0);
    return OptionalLong.of(
        seconds(Math.max(1, suspended < seconds ? seconds - suspended : seconds)));
  }

  /** How long a job has been running, as far as {@code condor_q} says; 0 if it does not run. */
  long ranSoFar() {
    return switch (status()) {
      case RUNNING, SUSPENDED, TRANSFERRING_OUTPUT -> {
        long start = start();
        long now = seconds(number(CondorAttr.SERVER_TIME, 0));
        yield start > 0 && now > start ? now - start : 0;
      }
      case IDLE, HELD, COMPLETED, REMOVED, UNKNOWN -> 0;
    };
  }

  /** Below 0 if it never ran. */
  private double wholeLastRun() {
    double all = number(CondorAttr.REMOTE_WALL_CLOCK_TIME, 0);
    double last = number(CondorAttr.LAST_REMOTE_WALL_CLOCK_TIME, 0);
    long start = start();
    long end = end();
    boolean plausible = start > 0 && end >= start;
    if (plausible && ranToItsEnd()) {
      return all > 0 ? Math.min((double) (end - start), all) : end - start;
    }
    if (last > 0 || all > 0) {
      return last > 0 ? last : all;
    }
    return plausible && !job.has(CondorAttr.LAST_JOB_STATUS) ? end - start : -1;
  }

  /** Whether it ran when it ended; a job that is removed may have been idle or held for long. */
  private boolean ranToItsEnd() {
    if (status() == JobStatus.COMPLETED || completed() >= Math.max(1, start())) {
      return true;
    }
    return switch (JobStatus.of((int) number(CondorAttr.LAST_JOB_STATUS, 0))) {
      case RUNNING, SUSPENDED, TRANSFERRING_OUTPUT -> true;
      case IDLE, HELD, COMPLETED, REMOVED, UNKNOWN -> false;
    };
  }

  private long completed() {
    return seconds(number(CondorAttr.COMPLETION_DATE, 0));
  }

  private long end() {
    long completed = completed();
    return completed > 0 ? completed : seconds(number(CondorAttr.ENTERED_CURRENT_STATUS, 0));
  }

  /** Of the last run. That it began to execute may be left over from the run before. */
  private long start() {
    long current =
        seconds(
            Math.max(
                number(CondorAttr.JOB_CURRENT_START_DATE, 0),
                number(CondorAttr.JOB_CURRENT_START_EXECUTING_DATE, 0)));
    return current > 0 ? current : seconds(number(CondorAttr.JOB_START_DATE, 0));
  }

  private double number(String attribute, double otherwise) {
    return job.number(attribute).orElse(otherwise);
  }

  private static long seconds(double number) {
    return AdTime.bounded((long) number);
  }
}
