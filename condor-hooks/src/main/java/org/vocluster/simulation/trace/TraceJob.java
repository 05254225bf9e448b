package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import org.vocluster.vm.definition.VoName;

/**
 * A payload job of a trace.
 *
 * @param name what the trace calls it, for messages
 * @param user whose it is; jobs of one user may follow each other in a claim
 * @param submitMs when it is submitted, or, of a deferred job, when its schedd may run it, in
 *     milliseconds since the first such time of the trace
 * @param notBeforeMs until when it waits in its slot for the time that its submitter wants, in the
 *     same milliseconds; 0 if it does not
 * @param runMs how long it runs, in milliseconds, at least 1
 * @param attributes what slots and sizing see of it: name to expression in old ClassAd syntax,
 *     {@code VocVO} among them
 */
public record TraceJob(
    String name,
    VoName vo,
    String user,
    long submitMs,
    long notBeforeMs,
    long runMs,
    ImmutableMap<String, String> attributes) {

  /** A job of no time that its submitter wants. */
  public TraceJob(
      String name,
      VoName vo,
      String user,
      long submitMs,
      long runMs,
      ImmutableMap<String, String> attributes) {
    this(name, vo, user, submitMs, 0, runMs, attributes);
  }

  /** The same with times counted from another moment. */
  TraceJob earlier(long ms, ImmutableMap<String, String> same) {
    return new TraceJob(name, vo, user, submitMs - ms, Math.max(0, notBeforeMs - ms), runMs, same);
  }

  /** When it may begin in a slot that it gets at once. */
  public long dueMs() {
    return Math.max(submitMs, notBeforeMs);
  }
}
