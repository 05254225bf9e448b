package org.vocluster.sizing.decision;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.vm.definition.VocName;

/**
 * What to do about all VOCs now, and why.
 *
 * @param vocs by definition's name, in its order
 * @param others what to do about nodes that belong to no VOC or to no decision of one
 * @param placements what becomes of each group of idle jobs
 * @param avoidedHosts hosts that new node jobs must not run on
 */
public record PoolDecision(
    Map<VocName, Decision> vocs,
    List<Action> others,
    List<Placement> placements,
    Set<String> avoidedHosts) {
  public PoolDecision {
    others = List.copyOf(others);
    placements = List.copyOf(placements);
    avoidedHosts = Set.copyOf(avoidedHosts);
  }

  /**
   * What becomes of a group of idle jobs.
   *
   * @param free jobs that fit into what nodes in the pool have left
   * @param coming jobs that fit into nodes that are booting, queued or submitted
   * @param fresh jobs that new nodes are wanted for, be they submitted now or later
   * @param waiting jobs that get no node for now
   * @param why what the waiting jobs wait for, or empty
   */
  public record Placement(
      DemandGroup group, long free, long coming, long fresh, long waiting, String why) {}

  /** All actions, those that take away first. */
  public List<Action> actions() {
    List<Action> result = new java.util.ArrayList<>(others);
    vocs.values().forEach(decision -> result.addAll(decision.actions()));
    result.sort(java.util.Comparator.comparing(action -> action instanceof Action.Submit));
    return List.copyOf(result);
  }
}
