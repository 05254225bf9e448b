package org.vocluster.sizing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The path from the queue to a decision about every VOC, without acting on it. */
record BenchDecision(List<NodePrototype> prototypes, SlotReading slots, Instant now) {
  /**
   * Decides once.
   *
   * @return how many nodes it would submit
   */
  long decide(JobQueueMirror mirror, Demand demand) {
    Demand.Assigned assigned = demand.assign(mirror.idlePayload());
    Situations situations =
        new Situations(
            mirror.nodeJobs(), slots, Map.of(), new NodeHistory(), SizingLimits.DEFAULT, now);
    long submitted = 0;
    for (NodePrototype prototype : prototypes) {
      String voc = prototype.definition().name().value();
      VocSituation situation =
          situations.of(
              prototype,
              assigned.groups().stream()
                  .filter(group -> group.candidates().getFirst().voc().equals(voc))
                  .toList(),
              Optional.empty(),
              Optional.empty());
      for (Action action : Sizing.decide(situation, SizingLimits.DEFAULT, now).actions()) {
        submitted += action instanceof Action.Submit submit ? submit.nodes() : 0;
      }
    }
    return submitted;
  }
}
