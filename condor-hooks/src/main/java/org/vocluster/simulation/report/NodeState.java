package org.vocluster.simulation.report;

import java.util.Locale;

/** What a node is doing, as far as it holds a host. */
public enum NodeState {
  /** Its node job runs, its startd has not joined the pool. */
  BOOTING,
  /** It will never join. */
  FAILED,
  /** At least one job has a claim on it. */
  BUSY,
  /** It has joined, takes jobs and has none. */
  IDLE,
  /** It takes no more jobs and has none. */
  LEAVING;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
