package org.vocluster.sizing.reading;

import org.vocluster.ad.HoldReason;
import org.vocluster.condor.JobStatus;

/**
 * How far a node has come by what HTCondor alone tells of it: its job in the queue and its slots in
 * the collector. Sizing, {@code voc why} and {@code voc nodes} all begin with this; what they make
 * of it beyond that is theirs (sizing: {@code NodeSupply.Stage}).
 */
public enum NodePhase {
  /** Its job waits for a PAD slot, or for its own input files. */
  QUEUED,
  /** Its job is on hold: somebody has to look. */
  HELD,
  /** Its job runs, and the collector knows no slot of it. */
  BOOTING,
  /** Its job runs, and the collector knows a slot of it. */
  JOINED,
  /** Its job is on its way out of the queue. */
  ENDING,
  /** HTCondor has no such state. */
  UNKNOWN;

  /**
   * Tells the phase.
   *
   * @param holdCode the job's HoldReasonCode, anything if it is not held
   * @param inPool whether the collector knows a slot of the node
   */
  public static NodePhase of(JobStatus status, long holdCode, boolean inPool) {
    return switch (status) {
      case IDLE -> QUEUED;
      case HELD -> holdCode == HoldReason.SPOOLING_INPUT ? QUEUED : HELD;
      case RUNNING, TRANSFERRING_OUTPUT, SUSPENDED -> inPool ? JOINED : BOOTING;
      case REMOVED, COMPLETED -> ENDING;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /** Whether its job runs, so that there is a host and perhaps a machine on it. */
  public boolean runs() {
    return this == BOOTING || this == JOINED;
  }
}
