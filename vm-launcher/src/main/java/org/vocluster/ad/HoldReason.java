package org.vocluster.ad;

/**
 * HTCondor's codes for why a job is on hold, as far as they mean something here
 * (condor_holdcodes.h).
 */
public final class HoldReason {
  /** Held until its input files have been spooled: on its way, not in trouble. */
  public static final int SPOOLING_INPUT = 16;

  private HoldReason() {}
}
