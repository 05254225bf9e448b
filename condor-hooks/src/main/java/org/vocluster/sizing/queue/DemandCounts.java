package org.vocluster.sizing.queue;

/**
 * A VO's payload jobs by what becomes of them; a job is in exactly one of these.
 *
 * @param idle jobs that the schedd would run if a slot took them
 * @param unmaterialised jobs of submissions with late materialisation that are not in the queue
 *     yet, and would be if the idle ones started: no more than {@code max_idle} and {@code
 *     max_materialize} allow, none of a paused submission
 * @param spooling held until their input files have been spooled
 * @param held held for another reason
 * @param running running, suspended or returning their output
 * @param removed removed, and not yet out of the queue
 * @param completed completed, and not yet out of the queue
 */
public record DemandCounts(
    long idle,
    long unmaterialised,
    long spooling,
    long held,
    long running,
    long removed,
    long completed) {
  public static final DemandCounts NONE = new DemandCounts(0, 0, 0, 0, 0, 0, 0);

  /** Jobs of several queues together. */
  public DemandCounts plus(DemandCounts other) {
    return new DemandCounts(
        idle + other.idle,
        unmaterialised + other.unmaterialised,
        spooling + other.spooling,
        held + other.held,
        running + other.running,
        removed + other.removed,
        completed + other.completed);
  }
}
