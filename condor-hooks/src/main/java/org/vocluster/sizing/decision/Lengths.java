package org.vocluster.sizing.decision;

import java.util.List;
import java.util.TreeSet;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.DemandGroup;

/**
 * The lengths that idle jobs say they have: of what a node has left to live only that matters which
 * of them it has time for, so that nodes of different ages stay alike for {@link Packing} as far as
 * no job tells them apart.
 */
final class Lengths {
  private final TreeSet<Long> known = new TreeSet<>();

  private Lengths() {}

  static Lengths of(List<DemandGroup> demand) {
    Lengths lengths = new Lengths();
    for (DemandGroup group : demand) {
      for (Candidate candidate : group.candidates()) {
        if (candidate.seconds() > 0) {
          lengths.known.add(candidate.seconds());
        }
      }
    }
    return lengths;
  }

  /** The longest one that is over within that time; 0 if none is. */
  long longestWithin(long seconds) {
    Long longest = known.floor(seconds);
    return longest == null ? 0 : longest;
  }
}
