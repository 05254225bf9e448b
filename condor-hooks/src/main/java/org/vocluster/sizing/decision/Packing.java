package org.vocluster.sizing.decision;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.NodeSupply.Room;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.reading.VocShape;

/**
 * Packs jobs into nodes, first fit. Jobs alike and nodes alike are handled as one, so that the work
 * grows with the number of groups and of kinds of nodes, not with jobs.
 */
final class Packing {
  /** Where capacity comes from, filled in this order. */
  enum Tier {
    PARTLY_USED,
    FREE,
    BOOTING,
    SUBMITTED,
    QUEUED,
    NEW
  }

  /** Nodes with the same capacity left. */
  private static final class Bin {
    final Resources free;
    final long seconds;
    int count;
    final boolean used;

    Bin(Room room, int count, boolean used) {
      this.free = room.free();
      this.seconds = room.seconds();
      this.count = count;
      this.used = used;
    }

    /** How many jobs of a candidate's size and length each of them takes. */
    int fits(Candidate candidate) {
      return lasts(candidate) ? free.fits(candidate.request()) : 0;
    }

    /** Whether they live as long as one of the jobs. */
    boolean lasts(Candidate candidate) {
      return seconds >= candidate.seconds();
    }
  }

  /** The nodes of one shape of one VOC in one tier. */
  private static final class Shelf {
    List<Bin> bins = new ArrayList<>();
    final Map<Room, Bin> offered = new HashMap<>();

    boolean takes(Candidate candidate) {
      for (Bin bin : bins) {
        if (bin.fits(candidate) > 0) {
          return true;
        }
      }
      return false;
    }
  }

  private final Map<VocShape, Map<Tier, Shelf>> shelves = new HashMap<>();

  /** Offers nodes of a shape; call it for all existing nodes before placing jobs. */
  void offer(VocShape kind, Tier tier, Room room, int count) {
    if (count <= 0) {
      return;
    }
    Shelf shelf =
        shelves
            .computeIfAbsent(kind, k -> new EnumMap<>(Tier.class))
            .computeIfAbsent(tier, t -> new Shelf());
    Bin alike = shelf.offered.get(room);
    if (alike != null && alike.count > 0) {
      alike.count += count;
      return;
    }
    Bin bin = new Bin(room, count, false);
    shelf.offered.put(room, bin);
    shelf.bins.add(bin);
  }

  /**
   * Places as many jobs as fit into the nodes of a candidate's shape and a tier.
   *
   * @return how many did not
   */
  long place(Candidate candidate, Tier tier, long jobs) {
    Shelf shelf = shelf(candidate.kind(), tier);
    if (shelf == null || jobs <= 0) {
      return jobs;
    }
    return candidate.depends()
        ? placeEach(candidate, shelf, jobs)
        : placeAlike(candidate, shelf, jobs);
  }

  private static long placeAlike(Candidate candidate, Shelf shelf, long jobs) {
    if (!shelf.takes(candidate)) {
      return jobs;
    }
    Resources request = candidate.request();
    long left = jobs;
    List<Bin> used = new ArrayList<>();
    List<Bin> rest = new ArrayList<>(shelf.bins.size() + 1);
    for (Bin bin : shelf.bins) {
      int perNode = left > 0 ? bin.fits(candidate) : 0;
      if (perNode > 0) {
        int full = (int) Math.min(bin.count, left / perNode);
        if (full > 0) {
          keep(used, bin, bin.free.minus(request, perNode), full);
          bin.count -= full;
          left -= (long) full * perNode;
        }
        if (left > 0 && bin.count > 0) {
          keep(used, bin, bin.free.minus(request, (int) left), 1);
          bin.count--;
          left = 0;
        }
      }
      if (bin.count > 0) {
        rest.add(bin);
      }
    }
    if (left < jobs) {
      used.addAll(rest);
      shelf.bins = used;
    }
    return left;
  }

  /** Jobs that take of each node what depends on what it has left: round by round, one each. */
  private static long placeEach(Candidate candidate, Shelf shelf, long jobs) {
    long left = jobs;
    List<Bin> used = new ArrayList<>();
    List<Bin> rest = new ArrayList<>(shelf.bins.size() + 1);
    for (Bin bin : shelf.bins) {
      Resources free = bin.free;
      int nodes = bin.count;
      boolean begun = false;
      for (Resources one = candidate.requestAt(free);
          left > 0 && nodes > 0 && bin.lasts(candidate) && free.fits(one) > 0;
          one = candidate.requestAt(free)) {
        int taking = (int) Math.min(nodes, left);
        if (begun) {
          keep(used, bin, free, nodes - taking);
        } else {
          bin.count = nodes - taking;
        }
        begun = true;
        nodes = taking;
        left -= taking;
        free = free.minus(one, 1);
      }
      if (begun) {
        keep(used, bin, free, nodes);
      }
      if (bin.count > 0) {
        rest.add(bin);
      }
    }
    if (left < jobs) {
      used.addAll(rest);
      shelf.bins = used;
    }
    return left;
  }

  /** Every job takes a processor: a node that has none left needs no further look. */
  private static void keep(List<Bin> bins, Bin before, Resources free, int count) {
    if (free.cpus() > 0 && count > 0) {
      bins.add(new Bin(new Room(free, before.seconds), count, true));
    }
  }

  /** Number of nodes of a shape and a tier that got no job. */
  int unused(VocShape kind, Tier tier) {
    Shelf shelf = shelf(kind, tier);
    return shelf == null
        ? 0
        : shelf.bins.stream().filter(bin -> !bin.used).mapToInt(bin -> bin.count).sum();
  }

  private @Nullable Shelf shelf(VocShape kind, Tier tier) {
    Map<Tier, Shelf> tiers = shelves.get(kind);
    return tiers == null ? null : tiers.get(tier);
  }
}
