package org.vocluster.sizing.demand;

import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.VocName;

/**
 * A kind of node that would take a group's jobs.
 *
 * @param request what one job takes from such a node, as evaluated against its slot and as carved
 *     from it
 */
public record Candidate(VocShape kind, Resources request) {
  public VocName voc() {
    return kind.voc();
  }
}
