package org.vocluster.sizing.reading;

import java.time.Instant;
import org.vocluster.condor.Resources;

/**
 * A slot that a node's startd advertises.
 *
 * @param node the node's name
 * @param voc the definition's name
 * @param shape the name of its machine shape
 * @param free what it still offers; {@link Resources#NONE} if it is busy
 * @param claimed whether a schedd holds it (or, for a dynamic slot, it exists at all)
 * @param whole total of the machine if this slot can be split, else {@link Resources#NONE}
 * @param takesJobsUntil when its START stops being true; {@link Instant#MAX} if never
 * @param draining whether it was told to take no more jobs
 */
public record NodeSlot(
    String node,
    String voc,
    String shape,
    Resources free,
    boolean claimed,
    Resources whole,
    Instant takesJobsUntil,
    boolean draining) {

  public boolean takesJobs(Instant now) {
    return !draining && now.isBefore(takesJobsUntil);
  }
}
