package org.vocluster.simulation;

import org.vocluster.simulation.trace.TraceJob;

/** A payload job in the queue. Holds what is so; {@link JobQueue} counts. */
final class Job {
  /** It has not been started yet. */
  private static final long NEVER = -1;

  private final TraceJob trace;
  private final JobKind kind;
  private final User user;
  private long lastStart = NEVER;
  private int losses;

  Job(TraceJob trace, JobKind kind, User user) {
    this.trace = trace;
    this.kind = kind;
    this.user = user;
  }

  TraceJob trace() {
    return trace;
  }

  JobKind kind() {
    return kind;
  }

  User user() {
    return user;
  }

  void starts(long now) {
    lastStart = now;
  }

  /** Takes note that its node ended under it; returns how often that happened. */
  int loses() {
    return ++losses;
  }

  boolean hasStarted() {
    return lastStart != NEVER;
  }

  long lastStart() {
    return lastStart;
  }
}
