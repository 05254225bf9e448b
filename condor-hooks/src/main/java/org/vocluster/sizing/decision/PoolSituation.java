package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.List;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.reading.NodeJob;

/**
 * All that a decision rests on.
 *
 * @param vocs the VOCs with a valid definition
 * @param demand idle jobs that their nodes would take
 * @param queuesUnknown why there may be more demand than that; empty if there is not
 * @param strays nodes of definitions that are registered no more
 * @param doubles node jobs that name a node which an older one has already
 * @param breakers all that are open or half-open
 */
public record PoolSituation(
    List<VocSituation> vocs,
    List<DemandGroup> demand,
    String queuesUnknown,
    List<NodeSupply> strays,
    List<NodeJob> doubles,
    List<Breaker> breakers,
    SizingLimits limits,
    Instant now) {
  public PoolSituation {
    vocs = List.copyOf(vocs);
    demand = List.copyOf(demand);
    strays = List.copyOf(strays);
    doubles = List.copyOf(doubles);
    breakers = List.copyOf(breakers);
  }

  /** Nodes of all VOCs that count towards the pool-wide maximum. */
  public int counted() {
    return vocs.stream().mapToInt(VocSituation::counted).sum() + strays.size();
  }
}
