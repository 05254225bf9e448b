package org.vocluster.sizing.decision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.Packing.Tier;
import org.vocluster.sizing.decision.PoolDecision.Placement;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.vm.definition.VocName;

/**
 * Which idle jobs go where: largest requests first, into what exists, then into new nodes of the
 * first candidate that may have some. Writes into the drafts how many jobs and nodes that makes.
 */
final class Placing {
  private static final Comparator<Resources> SMALLEST_FIRST =
      Comparator.comparingInt(Resources::gpus)
          .thenComparingInt(Resources::cpus)
          .thenComparingLong(Resources::memoryMb)
          .thenComparingLong(Resources::diskKb);

  private final Map<VocName, Draft> drafts;
  private final Admission admission;
  private final Capacity capacity;
  private final List<Placement> placements = new ArrayList<>();

  private Placing(Map<VocName, Draft> drafts, Admission admission, Capacity capacity) {
    this.drafts = drafts;
    this.admission = admission;
    this.capacity = capacity;
  }

  /**
   * Places all demand.
   *
   * @param drafts by VOC
   * @return what becomes of each group
   */
  static List<Placement> place(
      List<DemandGroup> demand,
      Map<VocName, Draft> drafts,
      Admission admission,
      Capacity capacity) {
    List<DemandGroup> largestFirst = new ArrayList<>(demand);
    largestFirst.sort(
        Comparator.comparing(
                (DemandGroup group) -> group.candidates().getFirst().request(),
                SMALLEST_FIRST.reversed())
            // A node with time for a long job takes a short one too, and not the other way round.
            .thenComparing(
                group -> group.candidates().getFirst().seconds(), Comparator.reverseOrder()));
    Placing placing = new Placing(drafts, admission, capacity);
    largestFirst.forEach(placing::place);
    return placing.placements;
  }

  private void place(DemandGroup group) {
    Map<VocName, Long> taken = new HashMap<>();
    long left = group.jobs();
    long free = 0;
    for (Tier tier : Capacity.EXISTING) {
      long before = left;
      left = placeInto(tier, group, left, taken);
      free += isInPool(tier) ? before - left : 0;
    }
    long coming = group.jobs() - left - free;
    admission.placed(free + coming);
    long beforeFresh = left;
    left = placeInto(Tier.NEW, group, left, taken);
    for (Candidate candidate : group.candidates()) {
      left = open(candidate, left, taken);
    }
    placements.add(
        new Placement(group, free, coming, beforeFresh - left, left, left > 0 ? why(group) : ""));
    tellVocs(group, taken, left);
  }

  private static boolean isInPool(Tier tier) {
    return tier == Tier.PARTLY_USED || tier == Tier.FREE;
  }

  private long placeInto(Tier tier, DemandGroup group, long jobs, Map<VocName, Long> taken) {
    long left = jobs;
    for (Candidate candidate : group.candidates()) {
      if (left == 0) {
        break;
      }
      long after = capacity.place(candidate, tier, left);
      if (after < left) {
        taken.merge(candidate.voc(), left - after, Long::sum);
        Draft draft = drafts.get(candidate.voc());
        if (draft != null && isInPool(tier)) {
          draft.aboutToStart += (left - after) / (double) Math.max(1, perNode(draft, candidate));
        }
      }
      left = after;
    }
    return left;
  }

  /** How many jobs of a candidate's size an empty node takes. */
  private static int perNode(Draft draft, Candidate candidate) {
    return candidate.fits(draft.voc.offers(candidate.kind().shape()));
  }

  private static long nodesFor(long jobs, int perNode) {
    return (jobs + perNode - 1) / perNode;
  }

  /** New nodes of one kind for jobs that fit nowhere, as many as the VOC's limits allow. */
  private long open(Candidate candidate, long jobs, Map<VocName, Long> taken) {
    Draft draft = drafts.get(candidate.voc());
    if (jobs == 0 || draft == null || draft.room == 0) {
      return jobs;
    }
    int perNode = perNode(draft, candidate);
    if (perNode == 0) {
      return jobs;
    }
    int nodes =
        admission.take(
            draft,
            (int) Math.min(Integer.MAX_VALUE, nodesFor(jobs, perNode)),
            (int) Math.min(jobs, perNode));
    if (nodes == 0) {
      return jobs;
    }
    draft.fresh.merge(candidate.kind().shape(), nodes, Integer::sum);
    capacity.add(candidate, draft.voc.room(candidate.kind().shape()), nodes);
    long left = capacity.place(candidate, Tier.NEW, jobs);
    taken.merge(candidate.voc(), jobs - left, Long::sum);
    admission.placed(jobs - left);
    return left;
  }

  /** Jobs that nobody takes wait for the VOC that is asked first. */
  private void tellVocs(DemandGroup group, Map<VocName, Long> taken, long waiting) {
    Set<VocName> told = new HashSet<>();
    for (Candidate candidate : group.candidates()) {
      Draft draft = drafts.get(candidate.voc());
      if (draft != null && told.add(candidate.voc())) {
        long waits = told.size() == 1 ? waiting : 0;
        draft.jobs += group.jobs();
        draft.untold = group.untold().isEmpty() ? draft.untold : group.untold();
        draft.elsewhere += group.jobs() - taken.getOrDefault(candidate.voc(), 0L) - waits;
        if (waits > 0) {
          int perNode = Math.max(1, perNode(draft, candidate));
          draft.denied += (int) Math.min(Integer.MAX_VALUE / 2, nodesFor(waits, perNode));
        }
      }
    }
  }

  private String why(DemandGroup group) {
    StringBuilder text = new StringBuilder();
    Set<VocName> said = new HashSet<>();
    for (Candidate candidate : group.candidates()) {
      Draft draft = drafts.get(candidate.voc());
      if (draft != null && said.add(candidate.voc())) {
        text.append(text.isEmpty() ? "" : "; ")
            .append(candidate.voc())
            .append(": ")
            .append(draft.hindrance);
      }
    }
    return text.toString();
  }
}
