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
 */
public record DemandGroup(VoName vo, long jobs, JobId example, List<Candidate> candidates) {
  public DemandGroup {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("jobs that no node takes are no demand");
    }
  }
}
