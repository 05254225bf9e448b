package org.vocluster.sizing;

import java.util.List;
import java.util.Map;

/** The jobs of one schedd, as sizing needs them. */
public interface JobSource {
  /** Says which attributes of jobs matter. */
  void tellApartBy(Significance by);

  /** Idle payload jobs, grouped so that no slot can tell those of one group apart. */
  List<JobGroup> idlePayload();

  /** Payload jobs of each VO by what becomes of them. */
  Map<String, DemandCounts> counts();

  /** Node jobs that belong to their VO's own account. */
  List<NodeJob> nodeJobs();
}
