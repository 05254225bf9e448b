package org.vocluster.explain;

import java.util.Optional;

/** Says why the negotiator did not match a job, and what is behind its words. */
final class RejectionWords {
  private final TimeWords time;

  RejectionWords(TimeWords time) {
    this.time = time;
  }

  /** What follows on what the negotiator has to do; empty if it never refused. */
  String said(Optional<Reason.Rejection> rejection) {
    return rejection
        .map(r -> ", which it refused " + time.ago(r.at()) + " (\"" + r.why() + "\")")
        .orElse("");
  }

  /** By the negotiator's reasons, those of {@code matchmaker.cpp}. */
  static String remedy(Optional<Reason.Rejection> rejection) {
    return rejection.map(r -> remedy(r.why())).orElse("");
  }

  private static String remedy(String why) {
    if (why.startsWith("submitter limit") || why.startsWith("insufficient priority")) {
      return "others are served first: see `condor_userprio -allusers` for priorities and quotas";
    }
    if (why.startsWith("concurrency limit")) {
      return "the pool's limit is reached; wait, or ask the administrator";
    }
    if (why.startsWith("PREEMPTION_REQUIREMENTS")) {
      return "the slots are in use, and the pool's policy does not preempt what runs there";
    }
    return "wait for the next negotiation; `condor_reschedule` asks for one";
  }
}
