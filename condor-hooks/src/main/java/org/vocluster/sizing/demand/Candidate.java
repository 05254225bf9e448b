package org.vocluster.sizing.demand;

import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.VocName;

/**
 * A kind of node that would take a group's jobs.
 *
 * @param request what one job takes from such a node, as evaluated against its slot and as carved
 *     from it
 * @param seconds for how long, at most; 0 if the jobs do not say
 */
public record Candidate(VocShape kind, Resources request, long seconds) {
  /** Of jobs that do not say how long they run. */
  public Candidate(VocShape kind, Resources request) {
    this(kind, request, 0);
  }

  public VocName voc() {
    return kind.voc();
  }
}
