package org.vocluster.sizing.decision;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * How many new nodes each VOC gets: what jobs need, then its minimum and spares, at its pace, and
 * of the pool's room as much as the others leave.
 */
final class Shares {
  private record Claim(Draft draft, int nodes) {}

  private Shares() {}

  /** Adds what a VOC keeps without demand to what its jobs need. */
  static void keepSome(Draft draft, Admission admission, Capacity capacity) {
    VocSituation voc = draft.voc;
    int fresh = draft.fresh.values().stream().mapToInt(Integer::intValue).sum();
    int spare = Math.max(0, voc.bounds().spareNodes() - capacity.unused(voc, Capacity.EXISTING));
    int minimum = Math.max(0, voc.bounds().minNodes() - (Capacity.lasting(voc) + fresh + spare));
    int extra = spare + minimum;
    int allowed = admission.take(draft, extra, 1);
    draft.denied += extra - allowed;
    if (allowed > 0) {
      draft.fresh.merge(voc.make().shapes().keySet().iterator().next(), allowed, Integer::sum);
    }
    draft.wanted = fresh + allowed;
  }

  /** Grants the pool's room node by node to the VOC that has the fewest. */
  static void share(Collection<Draft> drafts, PoolSituation pool) {
    SizingLimits limits = pool.limits();
    for (Draft draft : drafts) {
      draft.submit = Math.min(draft.wanted, paced(draft, limits));
    }
    long wanted = drafts.stream().mapToLong(draft -> draft.submit).sum();
    long room = Math.max(0, (long) limits.maxNodes() - pool.counted());
    if (wanted <= room) {
      return;
    }
    PriorityQueue<Claim> queue =
        new PriorityQueue<>(
            Comparator.comparingInt(Claim::nodes).thenComparing(claim -> claim.draft().voc.voc()));
    Map<Draft, Integer> granted = new HashMap<>();
    for (Draft draft : drafts) {
      if (draft.submit > 0) {
        queue.add(new Claim(draft, draft.counted));
      }
    }
    for (long left = room; left > 0 && !queue.isEmpty(); left--) {
      Claim least = queue.remove();
      int nodes = granted.merge(least.draft(), 1, Integer::sum);
      if (nodes < least.draft().submit) {
        queue.add(new Claim(least.draft(), least.nodes() + 1));
      }
    }
    for (Draft draft : drafts) {
      draft.submit = granted.getOrDefault(draft, 0);
    }
  }

  /** How many nodes a VOC may submit now, however many it wants. */
  static int paced(Draft draft, SizingLimits limits) {
    int pace = Math.min(limits.perPass(), draft.voc.bounds().rampNodes() - draft.voc.starting());
    if (!draft.voc.slotsKnown()) {
      pace = Math.min(pace, limits.blindNodes() - draft.counted);
    }
    return Math.max(0, pace);
  }
}
