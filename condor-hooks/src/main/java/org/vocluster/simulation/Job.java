package org.vocluster.simulation;

import org.vocluster.simulation.trace.TraceJob;

/** A payload job in the queue. */
final class Job {
  /** It has not been started yet. */
  static final long NEVER = -1;

  private final TraceJob trace;
  private final JobKind kind;
  private final User user;
  private long firstStart = NEVER;
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
    if (firstStart == NEVER) {
      firstStart = now;
    }
    lastStart = now;
  }

  /** Takes note that its node ended under it; returns how often that happened. */
  int loses() {
    return ++losses;
  }

  boolean hasStarted() {
    return firstStart != NEVER;
  }

  long firstStart() {
    return firstStart;
  }

  long lastStart() {
    return lastStart;
  }
}
