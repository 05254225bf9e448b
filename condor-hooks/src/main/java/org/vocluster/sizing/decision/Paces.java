package org.vocluster.sizing.decision;

import java.time.Duration;

/** How often the sizer does what, and how long it lets HTCondor's jobs wait: one place for all. */
public final class Paces {
  /** Between two questions to the collector while jobs wait or nodes boot. */
  public static final Duration SLOTS_SOON = Duration.ofSeconds(2);

  /** What was ordered about a node job is not ordered again for so long. */
  public static final Duration ORDERED_AGAIN = Duration.ofSeconds(30);

  /** A node job that finds no slot is given up and, if still wanted, submitted with a new token. */
  public static final long LONGEST_QUEUED_SECONDS = 86_400;

  /** How long after its time a node may take to leave before HTCondor removes it. */
  public static final long LEAVING_SECONDS = 3_600;

  private Paces() {}
}
