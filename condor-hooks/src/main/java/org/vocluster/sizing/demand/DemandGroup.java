package org.vocluster.sizing.demand;

import java.util.List;
import org.vocluster.condor.JobId;
import org.vocluster.vm.definition.VoName;

/**
 * Idle jobs that VOCs' nodes would take, alike in what they ask for and where they may run.
 *
 * @param vo their VO
 * @param jobs how many there are
 * @param example one of them, for messages
 * @param candidates which nodes would take them: never empty, preferred first
 * @param untold what a first node is to show before it can be told whether such nodes take the
 *     jobs; nothing if it can be told. Then the group stands for one node, whatever its jobs
 */
public record DemandGroup(
    VoName vo, long jobs, JobId example, List<Candidate> candidates, List<String> untold) {
  /** Jobs of which it can be told that the nodes take them. */
  public DemandGroup(VoName vo, long jobs, JobId example, List<Candidate> candidates) {
    this(vo, jobs, example, candidates, List.of());
  }

  public DemandGroup {
    candidates = List.copyOf(candidates);
    untold = List.copyOf(untold);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("jobs that no node takes are no demand");
    }
  }
}
