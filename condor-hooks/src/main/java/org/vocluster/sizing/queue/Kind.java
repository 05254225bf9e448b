package org.vocluster.sizing.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What jobs with certain values are: node jobs, payload, or nothing to sizing. {@link JobKinds}
 * works it out once for each pair of a cluster's values and a job's own, and keeps it with those.
 */
final class Kind {
  static final Kind NODE = new Kind(null, List.of(), false);
  static final Kind NOTHING = new Kind(null, List.of(), false);

  /** Where payload counts while it is idle; null for what is no payload. */
  @Nullable IdleGroup group;

  /** Names that mattered and were not kept when this was worked out. */
  final List<String> asks;

  /** Good for once only: all attributes of the jobs are to be looked for. */
  final boolean isPassing;

  Kind(@Nullable IdleGroup group, List<String> asks, boolean isPassing) {
    this.group = group;
    this.asks = asks;
    this.isPassing = isPassing;
  }

  boolean isNode() {
    return this == NODE;
  }
}
