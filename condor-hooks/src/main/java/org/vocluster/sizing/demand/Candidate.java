package org.vocluster.sizing.demand;

import java.util.Optional;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.VocName;

/**
 * A kind of node that would take a group's jobs.
 *
 * @param request what one job takes from an empty node, as evaluated against its slot and as carved
 *     from it
 * @param seconds for how long, at most; 0 if the jobs do not say
 */
public record Candidate(
    VocShape kind, Resources request, long seconds, Optional<SlotRequest> bySlot) {
  /** Of jobs that take the same of every slot and do not say how long they run. */
  public Candidate(VocShape kind, Resources request) {
    this(kind, request, 0, Optional.empty());
  }

  /** Of jobs that take the same of every slot. */
  public Candidate(VocShape kind, Resources request, long seconds) {
    this(kind, request, seconds, Optional.empty());
  }

  public VocName voc() {
    return kind.voc();
  }

  /** Whether what a job takes depends on what the slot has left. */
  public boolean depends() {
    return bySlot.isPresent();
  }

  /** What one job takes of a node with so much left; more than that if it does not fit there. */
  public Resources requestAt(Resources left) {
    return bySlot.isPresent() ? bySlot.get().at(left) : request;
  }

  /** How many of the jobs fit into a node with so much left. */
  public int fits(Resources left) {
    if (!depends()) {
      return left.fits(request);
    }
    int jobs = 0;
    Resources rest = left;
    // Each takes a processor at least, so that this ends.
    for (Resources one = requestAt(rest); rest.fits(one) > 0; one = requestAt(rest)) {
      rest = rest.minus(one, 1);
      jobs++;
    }
    return jobs;
  }
}
