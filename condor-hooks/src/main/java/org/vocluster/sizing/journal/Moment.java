package org.vocluster.sizing.journal;

/**
 * The moments of a node's life, in their order, with the name that each has in the log of nodes and
 * whose clock it is of.
 */
public enum Moment {
  /** Its job was submitted: the access point's clock (QDate). */
  SUBMITTED("Submitted"),
  /**
   * Its job was given a slot and a shadow was started: the access point's (JobCurrentStartDate).
   */
  LAUNCHED("Launched"),
  /** {@code prepare-job} began to make the virtual machine: the PAD host's (VocExecTime). */
  EXEC("Exec"),
  /** The guest's kernel started: the guest's clock (VocKernelTime). */
  KERNEL("Kernel"),
  /** The node's startd started: the guest's (DaemonStartTime). */
  STARTD("Startd"),
  /** The collector had the startd's ad: the collector's (LastHeardFrom when it was first seen). */
  FIRST_AD("FirstAd"),
  /** A schedd claimed any of the node for the first time: the guest's (EnteredCurrentState). */
  FIRST_CLAIM("FirstClaim"),
  /** A schedd was last seen to hold any of it: the access point's. */
  LAST_CLAIM("LastClaim"),
  /** Its job ended, or returned to the queue: the access point's. */
  END("End");

  private final String attribute;

  Moment(String attribute) {
    this.attribute = attribute;
  }

  /** Its name in the log of nodes. */
  public String attribute() {
    return attribute;
  }
}
