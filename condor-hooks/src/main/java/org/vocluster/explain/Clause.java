package org.vocluster.explain;

import java.util.List;

/**
 * One of the conditions that the Requirements of a job or a slot join with {@code &&}.
 *
 * @param side whose condition it is
 * @param text as HTCondor prints it
 * @param outcome what it came to
 * @param seen what the names in it stood for
 */
record Clause(Side side, String text, Outcome outcome, List<Seen> seen) {
  /** Who sets the condition. */
  enum Side {
    JOB,
    SLOT
  }

  /** The four things that an expression can come to where a truth is wanted. */
  enum Outcome {
    TRUE,
    FALSE,
    UNDEFINED,
    ERROR
  }

  /** A name and its value, both as HTCondor prints them. */
  record Seen(String name, String value) {}

  Clause {
    seen = List.copyOf(seen);
  }

  boolean holds() {
    return outcome == Outcome.TRUE;
  }
}
