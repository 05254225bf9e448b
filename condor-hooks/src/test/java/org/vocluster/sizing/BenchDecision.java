package org.vocluster.sizing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The path from the queue to a decision about every VOC, without acting on it. */
record BenchDecision(List<NodePrototype> prototypes, SlotReading slots, Instant now) {
  /**
   * Decides once.
   *
   * @return how many nodes it would submit
   */
  long decide(JobQueueMirror mirror, Demand demand) {
    SizingPass pass =
        SizingPass.of(
            new Readings(
                prototypes,
                Set.of(),
                demand.assign(mirror.idlePayload()).groups(),
                mirror.nodeJobs(),
                "",
                slots,
                List.of(),
                new NodeHistory(),
                Map.of(),
                Map.of(),
                SizingLimits.DEFAULT,
                now));
    return pass.decision().actions().stream()
        .mapToLong(action -> action instanceof Action.Submit submit ? submit.nodes() : 0)
        .sum();
  }
}
