package org.vocluster.sizing.reading;

import java.time.Duration;

/** How long the last answer of somebody who is asked every so often holds if no other follows. */
public final class Patience {
  /** A restart of a collector or a schedd, and a question that met it, fit in. */
  private static final Duration LEAST = Duration.ofSeconds(60);

  private static final int QUESTIONS = 4;

  private Patience() {}

  /**
   * How long the last answer holds.
   *
   * @param interval between two questions
   */
  public static Duration of(Duration interval) {
    Duration questions = interval.multipliedBy(QUESTIONS);
    return questions.compareTo(LEAST) > 0 ? questions : LEAST;
  }
}
