package org.vocluster.ad;

import java.time.Instant;

/**
 * Makes a moment of what an ad says is one. Ads come from anybody, and a number that no clock
 * reaches must not stop its reader: nobody else makes an {@link Instant} of an ad's number.
 */
public final class AdTime {
  /** The last second that any clock and any text can say, 9999-12-31T23:59:59Z. */
  public static final long LAST = 253_402_300_799L;

  private AdTime() {}

  /** The moment so many seconds after 1970; never before that, nor after {@link #LAST}. */
  public static Instant of(long seconds) {
    return Instant.ofEpochSecond(bounded(seconds));
  }

  /** The same number of seconds, from 0 to {@link #LAST}. */
  public static long bounded(long seconds) {
    return Math.max(0, Math.min(LAST, seconds));
  }
}
