package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.SlotReading;

/**
 * Everything that was read and remembered when a decision is due.
 *
 * @param prototypes of every shape of every valid definition
 * @param broken names of definitions with faults: their nodes are left alone
 * @param demand idle jobs that the prototypes would take
 * @param nodeJobs all node jobs in the queues
 * @param queuesUnknown which queues of other schedds gave no answer, so that demand may be larger;
 *     empty if none
 * @param slots what the collector last said; {@link SlotReading.Unknown} too if that is too old
 * @param submitted nodes submitted a moment ago
 * @param history what became of nodes so far
 * @param obstacles why submission cannot work at all, by VOC
 * @param standby why another sizer serves a VOC, by VOC
 */
public record Readings(
    Collection<NodePrototype> prototypes,
    Set<String> broken,
    List<DemandGroup> demand,
    NodeJobs nodeJobs,
    String queuesUnknown,
    SlotReading slots,
    Collection<Submitted> submitted,
    NodeHistory history,
    Map<String, String> obstacles,
    Map<String, String> standby,
    SizingLimits limits,
    Instant now) {

  /** A node on its way into the queue. */
  public record Submitted(String node, String voc, String shape, Instant at) {}
}
