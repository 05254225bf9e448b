package org.vocluster.sizing;

import java.util.List;
import java.util.Optional;

/**
 * All that the decision about one VOC rests on.
 *
 * @param voc the definition's name
 * @param nodeOffers what an empty node of it offers to jobs
 * @param minNodes nodes to keep without demand
 * @param maxNodes nodes never to exceed
 * @param demand idle jobs that its nodes would take
 * @param ready capacity left in each node that has joined; empty if {@code slotsKnown} is false
 * @param booting node jobs that run but whose node has not joined
 * @param queued node jobs of the current definition that wait for a PAD slot
 * @param submitted nodes submitted a moment ago and not yet seen in the queue
 * @param obsolete queued node jobs of a definition that has changed since
 * @param overdue node jobs that run for so long without joining that they will not
 * @param leaving nodes that still run and take no more jobs
 * @param held node jobs of the current definition on hold
 * @param slotsKnown whether the collector's answer about VAD slots can be trusted
 * @param setback what went wrong lately
 * @param obstacle why submission cannot work at all, with the remedy
 */
record VocSituation(
    String voc,
    Resources nodeOffers,
    int minNodes,
    int maxNodes,
    List<DemandGroup> demand,
    List<Resources> ready,
    int booting,
    List<NodeJob> queued,
    int submitted,
    List<NodeJob> obsolete,
    List<NodeJob> overdue,
    int leaving,
    List<NodeJob> held,
    boolean slotsKnown,
    Optional<Setback> setback,
    Optional<String> obstacle) {

  VocSituation {
    demand = List.copyOf(demand);
    ready = List.copyOf(ready);
    queued = List.copyOf(queued);
    obsolete = List.copyOf(obsolete);
    overdue = List.copyOf(overdue);
    held = List.copyOf(held);
  }

  /** Nodes that exist or will, and so count towards the maximum. */
  int nodes() {
    return ready.size() + booting + queued.size() + submitted + overdue.size() + leaving;
  }

  int demandJobs() {
    return (int) Math.min(Integer.MAX_VALUE, demand.stream().mapToLong(DemandGroup::jobs).sum());
  }
}
