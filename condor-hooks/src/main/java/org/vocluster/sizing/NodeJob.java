package org.vocluster.sizing;

/**
 * A node job in the queue.
 *
 * @param voc the definition it was submitted for
 * @param vo that definition's VO
 * @param node the node's unique name
 * @param owner the account it belongs to; a job that merely claims to be a node job has another one
 * @param definition digest of the definition's text at submission
 * @param status its state
 * @param since when it entered that state, in seconds since 1970
 * @param holdReason empty unless held
 * @param holdCode HTCondor's HoldReasonCode, 0 unless held
 */
public record NodeJob(
    JobId id,
    String voc,
    String vo,
    String node,
    String owner,
    String definition,
    JobStatus status,
    long since,
    String holdReason,
    int holdCode) {

  /** HoldReasonCode of a job whose input files are still being spooled. */
  private static final int SPOOLING_INPUT = 16;

  /** The account that a VO's node jobs belong to. */
  static String ownerOf(String vo) {
    return "voc-" + vo;
  }

  boolean isGenuine() {
    return owner.equals(ownerOf(vo));
  }

  /** Waiting for a PAD slot, or about to. */
  boolean isQueued() {
    return status == JobStatus.IDLE || (status == JobStatus.HELD && holdCode == SPOOLING_INPUT);
  }

  boolean isRunning() {
    return status == JobStatus.RUNNING
        || status == JobStatus.TRANSFERRING_OUTPUT
        || status == JobStatus.SUSPENDED;
  }

  boolean isHeld() {
    return status == JobStatus.HELD && holdCode != SPOOLING_INPUT;
  }
}
