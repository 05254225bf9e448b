package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.List;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.reading.NodeJob;

/**
 * All that a decision rests on.
 *
 * @param vocs the VOCs with a valid definition
 * @param demand idle jobs that their nodes would take
 * @param strays nodes of definitions that are registered no more
 * @param doubles node jobs that name a node which an older one has already
 * @param breakers all that are open or half-open
 */
public record PoolSituation(
    List<VocSituation> vocs,
    DemandReading demand,
    List<NodeSupply> strays,
    List<NodeJob> doubles,
    List<Breaker> breakers,
    SizingLimits limits,
    Instant now) {
  public PoolSituation {
    vocs = List.copyOf(vocs);
    strays = List.copyOf(strays);
    doubles = List.copyOf(doubles);
    breakers = List.copyOf(breakers);
  }

  /** Nodes of all VOCs that count towards the pool-wide maximum. */
  public int counted() {
    return vocs.stream().mapToInt(VocSituation::counted).sum() + strays.size();
  }
}
