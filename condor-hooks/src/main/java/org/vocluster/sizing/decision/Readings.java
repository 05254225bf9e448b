package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocName;

/**
 * Everything that was read and remembered when a decision is due.
 *
 * @param demand idle jobs that the prototypes would take
 */
public record Readings(
    Definitions definitions,
    DemandReading demand,
    Nodes nodes,
    Hindrances hindrances,
    SizingLimits limits,
    Instant now) {

  /**
   * What administrators have registered.
   *
   * @param prototypes of every shape of every valid definition
   * @param broken names of definitions with faults, as their files have them: their nodes are left
   *     alone
   */
  public record Definitions(Collection<NodePrototype> prototypes, Set<String> broken) {}

  /**
   * What is known of nodes.
   *
   * @param jobs all node jobs in the queues
   * @param slots what the collector last said; {@link SlotReading.Unknown} too if that is too old
   * @param submitted nodes submitted a moment ago
   * @param history what became of nodes so far
   */
  public record Nodes(
      NodeJobs jobs, SlotReading slots, Collection<Submitted> submitted, NodeHistory history) {}

  /** A node on its way into the queue. */
  public record Submitted(NodeId node, VocShape kind, Instant at) {}

  /**
   * What keeps this sizer from submitting at all.
   *
   * @param obstacles why submission cannot work, by VOC
   * @param standby why another sizer serves a VOC, by VOC
   */
  public record Hindrances(Map<VocName, String> obstacles, Map<VocName, String> standby) {
    public static final Hindrances NONE = new Hindrances(Map.of(), Map.of());
  }
}
