package org.vocluster.sizing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Packs jobs into nodes, first fit, largest requests first. Jobs alike and nodes alike are handled
 * as one, so that the work grows with the number of groups and not of jobs.
 */
final class Packing {
  /** Nodes with the same capacity left. */
  private record Bin(Resources free, int count, int tier, boolean used) {}

  private List<Bin> bins = new ArrayList<>();

  /**
   * Offers nodes.
   *
   * @param tier nodes of a lower tier are filled first
   */
  void offer(Resources free, int count, int tier) {
    if (count > 0) {
      bins.add(new Bin(free, count, tier, false));
    }
  }

  /**
   * Places as many jobs as fit.
   *
   * @return how many did not
   */
  long place(List<DemandGroup> demand) {
    bins.sort(Comparator.comparingInt(Bin::tier));
    List<DemandGroup> largestFirst = new ArrayList<>(demand);
    largestFirst.sort(
        Comparator.comparingInt((DemandGroup g) -> g.candidates().getFirst().request().cpus())
            .thenComparingLong(g -> g.candidates().getFirst().request().memoryMb())
            .thenComparingLong(g -> g.candidates().getFirst().request().diskKb())
            .reversed());
    long left = 0;
    for (DemandGroup group : largestFirst) {
      left +=
          place(
              group.candidates().getFirst().request(),
              (int) Math.min(Integer.MAX_VALUE, group.jobs()));
    }
    return left;
  }

  /** Number of nodes of a tier that got at least one job. */
  int used(int tier) {
    return bins.stream().filter(b -> b.tier == tier && b.used).mapToInt(b -> b.count).sum();
  }

  private int place(Resources request, int jobs) {
    List<Bin> after = new ArrayList<>(bins.size() + 2);
    int left = jobs;
    for (Bin bin : bins) {
      int perNode = left > 0 ? bin.free.fits(request) : 0;
      int untouched = bin.count;
      if (perNode > 0) {
        int full = Math.min(untouched, left / perNode);
        if (full > 0) {
          after.add(new Bin(bin.free.minus(request, perNode), full, bin.tier, true));
          untouched -= full;
          left -= full * perNode;
        }
        if (left > 0 && untouched > 0) {
          after.add(new Bin(bin.free.minus(request, left), 1, bin.tier, true));
          untouched--;
          left = 0;
        }
      }
      if (untouched > 0) {
        after.add(new Bin(bin.free, untouched, bin.tier, bin.used));
      }
    }
    bins = after;
    return left;
  }
}
