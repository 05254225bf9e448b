package org.vocluster.simulation;

import java.util.Map;

/**
 * Shares of accounting groups, {@code GROUP_QUOTA}.
 *
 * @param cpus processors of each group that has a quota
 * @param surplus whether groups may have more while others leave it ({@code GROUP_ACCEPT_SURPLUS})
 */
public record Quotas(Map<String, Double> cpus, boolean surplus) {
  /** No group has a quota: all are equal. */
  public static final Quotas NONE = new Quotas(Map.of(), true);

  public Quotas {
    cpus = Map.copyOf(cpus);
  }

  /** Whether a group has reached its quota, or would with so many processors more. */
  boolean reached(String group, long used, int more) {
    Double quota = cpus.get(group);
    return quota == null || used + more > quota;
  }

  /** What a group uses in units of its share: the least comes first. */
  double relative(String group, long used) {
    if (cpus.isEmpty()) {
      return used;
    }
    Double quota = cpus.get(group);
    // A group without a quota, beside such that have one, gets what these leave.
    return quota == null || quota <= 0 ? 1e12 + used : used / quota;
  }
}
