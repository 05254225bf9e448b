package org.vocluster.sizing.decision;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.sizing.decision.NodeSupply.Room;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.decision.Packing.Tier;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.ShapeName;

/**
 * What the nodes of all VOCs have left for jobs while a decision is made: {@link Placing} fills it,
 * {@link Shares} and {@link Leaving} look at what stays unused.
 */
final class Capacity {
  /** Nodes that exist or are on their way, nearest first. */
  static final List<Tier> EXISTING =
      List.of(Tier.PARTLY_USED, Tier.FREE, Tier.BOOTING, Tier.SUBMITTED, Tier.QUEUED);

  private final Packing packing = new Packing();
  private final Lengths lengths;

  /**
   * @param demand all that is to be placed
   */
  Capacity(List<VocSituation> vocs, List<DemandGroup> demand) {
    this.lengths = Lengths.of(demand);
    for (VocSituation voc : vocs) {
      Map<ShapeName, VocShape> kinds = new HashMap<>();
      for (NodeSupply node : voc.nodes()) {
        Tier tier = tier(node);
        if (tier != null) {
          VocShape kind =
              kinds.computeIfAbsent(node.shape(), shape -> new VocShape(voc.voc(), shape));
          packing.offer(kind, tier, shortened(node.room()), 1);
        }
      }
    }
  }

  /** Nodes of an older definition are about to leave, but what runs jobs will go on doing so. */
  private static @Nullable Tier tier(NodeSupply node) {
    if (!node.current() && !(node.stage() == Stage.READY && node.claimed())) {
      return null;
    }
    return switch (node.stage()) {
      case READY -> node.claimed() ? Tier.PARTLY_USED : Tier.FREE;
      case BOOTING -> Tier.BOOTING;
      case SUBMITTED -> Tier.SUBMITTED;
      case QUEUED -> Tier.QUEUED;
      case LEAVING, OVERDUE, LOST, HELD -> null;
    };
  }

  /** Adds new nodes of a candidate's kind. */
  void add(Candidate candidate, Room offers, int nodes) {
    packing.offer(candidate.kind(), Tier.NEW, shortened(offers), nodes);
  }

  /** Nodes with time for the same jobs are alike, however much longer one of them lives. */
  private Room shortened(Room room) {
    return new Room(room.free(), lengths.longestWithin(room.seconds()));
  }

  /**
   * Places as many jobs as fit into nodes of a candidate's kind.
   *
   * @return how many did not
   */
  long place(Candidate candidate, Tier tier, long jobs) {
    return packing.place(candidate, tier, jobs);
  }

  /** Nodes of a shape that nobody uses and that the idle jobs leave unused. */
  int unused(VocSituation voc, ShapeName shape, Tier tier) {
    return tier == Tier.PARTLY_USED ? 0 : packing.unused(new VocShape(voc.voc(), shape), tier);
  }

  /** The same of all shapes. */
  int unused(VocSituation voc, List<Tier> tiers) {
    int unused = 0;
    for (ShapeName shape : voc.make().shapes().keySet()) {
      for (Tier tier : tiers) {
        unused += unused(voc, shape, tier);
      }
    }
    return unused;
  }

  /** Nodes that will be there for a while. */
  static int lasting(VocSituation voc) {
    int count = 0;
    for (NodeSupply node : voc.nodes()) {
      if (tier(node) != null) {
        count++;
      }
    }
    return count;
  }
}
