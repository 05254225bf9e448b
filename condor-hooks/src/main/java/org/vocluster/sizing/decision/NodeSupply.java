package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.Optional;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;

/**
 * A node that exists or is on its way.
 *
 * @param node its unique id
 * @param shape the name of its machine shape
 * @param stage how far it has come
 * @param current whether it is made of what the definition says now
 * @param claimed whether a schedd holds any of it
 * @param room what it still offers to jobs; what an empty node offers if it has not joined
 * @param idleSince since when it is in the pool without a claim
 * @param job its node job; empty if that has not been seen in the queue yet
 */
public record NodeSupply(
    NodeId node,
    ShapeName shape,
    Stage stage,
    boolean current,
    boolean claimed,
    Room room,
    Optional<Instant> idleSince,
    Optional<NodeJob> job) {

  /**
   * What a node has left for jobs.
   *
   * @param seconds for how long it takes jobs yet, see {@link
   *     org.vocluster.sizing.demand.JobLength}; {@link Long#MAX_VALUE} if it is for ever
   */
  public record Room(Resources free, long seconds) {
    static final Room NONE = new Room(Resources.NONE, 0);

    /** For jobs of any length. */
    public Room(Resources free) {
      this(free, Long.MAX_VALUE);
    }
  }

  /** The stages of a node's life, as far as they differ for sizing. */
  public enum Stage {
    /** In the pool, and takes jobs. */
    READY,
    /** Its job runs, but it has not joined the pool. */
    BOOTING,
    /** Submitted a moment ago and not yet seen in the queue. */
    SUBMITTED,
    /** Its job waits for a PAD slot. */
    QUEUED,
    /** It runs and takes no more jobs, or it vanished from the pool. */
    LEAVING,
    /** Its job runs for so long that it will not join any more. */
    OVERDUE,
    /** It was in the pool, has been gone from it for long, and its job still runs. */
    LOST,
    /** Its job is on hold. */
    HELD
  }

  public Resources free() {
    return room.free;
  }

  boolean isStarting() {
    return stage == Stage.BOOTING || stage == Stage.SUBMITTED || stage == Stage.QUEUED;
  }

  /** Whether this sizer may do something about it. */
  boolean isOwn() {
    return job.isEmpty() || job.get().isOwn();
  }
}
