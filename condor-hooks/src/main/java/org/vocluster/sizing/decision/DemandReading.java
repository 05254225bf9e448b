package org.vocluster.sizing.decision;

import java.util.List;
import org.vocluster.sizing.demand.DemandGroup;

/**
 * The idle jobs that VOCs' nodes would take, as far as they are known.
 *
 * @param queuesUnknown which queues of other schedds gave no answer, so that there may be more
 *     demand; empty if none
 * @param schedd what the own schedd can run of them and of the nodes
 */
public record DemandReading(List<DemandGroup> groups, String queuesUnknown, ScheddRoom schedd) {
  public DemandReading {
    groups = List.copyOf(groups);
  }

  /** All there are, in a schedd that runs them all. */
  public static DemandReading complete(List<DemandGroup> groups) {
    return new DemandReading(groups, "", ScheddRoom.UNLIMITED);
  }
}
