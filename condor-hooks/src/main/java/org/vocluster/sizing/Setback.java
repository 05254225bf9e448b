package org.vocluster.sizing;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that went wrong for a VOC, several times in a row, so that trying again has to wait.
 *
 * @param times how often, at least 1
 * @param last when it happened last
 * @param what it is, with the remedy
 */
record Setback(int times, Instant last, String what) {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  /** Doubles each time. */
  Duration pause() {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  Instant until() {
    return last.plus(pause());
  }
}
