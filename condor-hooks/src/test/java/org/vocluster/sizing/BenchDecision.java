package org.vocluster.sizing;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.DemandReading;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.queue.JobQueueMirror;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.SlotReading;

/** The path from the queue to a decision about every VOC, without acting on it. */
final class BenchDecision {
  private final List<NodePrototype> prototypes;
  private final SlotReading slots;
  private final Instant now;
  private List<NodeJob> seen = List.of();
  private NodeJobs nodeJobs = NodeJobs.of(seen);

  BenchDecision(List<NodePrototype> prototypes, SlotReading slots, Instant now) {
    this.prototypes = prototypes;
    this.slots = slots;
    this.now = now;
  }

  /**
   * Decides once.
   *
   * @return how many nodes it would submit
   */
  long decide(JobQueueMirror mirror, Demand demand) {
    if (!mirror.nodeJobs().equals(seen)) {
      seen = mirror.nodeJobs();
      nodeJobs = NodeJobs.of(seen);
    }
    SizingPass pass =
        SizingPass.of(
            new Readings(
                new Readings.Definitions(prototypes, Set.of()),
                DemandReading.complete(demand.assign(mirror.idlePayload(), now).groups()),
                new Readings.Nodes(nodeJobs, slots, List.of(), new NodeHistory()),
                Readings.Hindrances.NONE,
                SizingLimits.DEFAULT,
                now));
    return pass.decision().actions().stream()
        .mapToLong(action -> action instanceof Action.Submit submit ? submit.nodes() : 0)
        .sum();
  }
}
