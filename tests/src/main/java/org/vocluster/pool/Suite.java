package org.vocluster.pool;

import java.util.List;
import java.util.Locale;

/** A Debian suite, which stands for the HTCondor version that it carries. */
public enum Suite {
  /** HTCondor 23.9.6, the oldest supported. */
  TRIXIE,
  /** HTCondor 25, the newest. */
  SID;

  /** The suite's name for apt. */
  public String debianName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A mirror's copy of an ever-changing suite may be older than its release file says is valid. */
  List<String> aptOptions() {
    return switch (this) {
      case TRIXIE -> List.of();
      case SID -> List.of("Acquire::Check-Valid-Until \"false\"");
    };
  }

  /** Accepts a suite's name or the HTCondor version it stands for ("23", "25"). */
  public static Suite parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "trixie", "23" -> TRIXIE;
      case "sid", "25" -> SID;
      default ->
          throw new IllegalArgumentException(
              "no such suite: '%s'; known are trixie (or 23) and sid (or 25)".formatted(text));
    };
  }
}
