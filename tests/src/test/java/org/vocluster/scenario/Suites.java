package org.vocluster.scenario;

import java.util.List;
import org.vocluster.pool.Suite;

/** Which HTCondor versions a scenario runs on that in {@code ./check} runs on the oldest only. */
public final class Suites {
  /** Whether this is the long run. */
  public static final boolean ALL = Boolean.getBoolean("voc.scenarios.all");

  private Suites() {}

  /** All in the long run; {@code -Dvoc.suite=sid} for just that one. */
  public static List<Suite> chosen() {
    String one = System.getProperty("voc.suite", "");
    if (!one.isEmpty()) {
      return List.of(Suite.parse(one));
    }
    return ALL ? List.of(Suite.values()) : List.of(Suite.TRIXIE);
  }
}
