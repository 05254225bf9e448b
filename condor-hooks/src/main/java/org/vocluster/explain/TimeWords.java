package org.vocluster.explain;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Says moments and durations as people do. All that speaks here of time uses it, with the instant
 * of the question: it reads no clock.
 */
final class TimeWords {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MM/dd HH:mm:ss");

  private final Instant now;
  private final ZoneId zone;

  /**
   * @param now for how long ago something was
   * @param zone in which times of day are said
   */
  TimeWords(Instant now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  Instant now() {
    return now;
  }

  /** When it was and how long ago. */
  String moment(Instant at) {
    return clock(at) + " (" + ago(at) + ")";
  }

  /** A time of day with its date. */
  String clock(Instant at) {
    return STAMP.format(at.atZone(zone));
  }

  String ago(Instant at) {
    return span(Duration.between(at, now)) + " ago";
  }

  /** How long something takes, with its seconds. */
  static String duration(long seconds) {
    String words = span(Duration.ofSeconds(seconds));
    return seconds < 120 ? words : seconds + " s (" + words + ")";
  }

  private static String span(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
  }
}
