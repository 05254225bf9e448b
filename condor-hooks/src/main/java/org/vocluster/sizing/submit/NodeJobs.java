package org.vocluster.sizing.submit;

/**
 * What an access point's configuration says of all its node jobs.
 *
 * @param executable path of their executable on the execution hosts
 * @param leaseSeconds how long one outlives the access point, less the five minutes that HTCondor's
 *     daemons may have been silent before; as long counts one as running whose PAD host was lost,
 *     since nobody can tell it from one that is cut off and lives
 */
public record NodeJobs(String executable, int leaseSeconds) {
  /** Enough for ten minutes without the access point. */
  public static final int LEASE_SECONDS = 1200;
}
