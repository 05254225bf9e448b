package org.vocluster.ad;

/** HTCondor's numbers of universes, as far as they mean something here (condor_universe.h). */
public final class Universe {
  /** Ordinary jobs: the only ones that become payload. */
  public static final int VANILLA = 5;

  private Universe() {}
}
