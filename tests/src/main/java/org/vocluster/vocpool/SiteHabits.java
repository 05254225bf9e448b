package org.vocluster.vocpool;

import org.vocluster.pool.Host;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;

/**
 * What a pool has that was there before VOC: a site's own configuration, read before our files and
 * after them, that assigns lists instead of adding to them, as most sites' files do.
 *
 * <p>Every policy here is one that a test can see at work: see {@code LivedInPoolTest}.
 */
public final class SiteHabits {
  private static final String EARLY = "/etc/condor/config.d/05-site.conf";

  /** Behind everything that has a number, and still before our last file. */
  private static final String LATE = "/etc/condor/config.d/99-site.conf";

  /** Read after every directory of configuration. */
  public static final String LOCAL = "/etc/condor/condor_config.local";

  private SiteHabits() {}

  /** Gives all hosts of a pool the site's configuration. HTCondor has to read it afterwards. */
  public static void settle(Pool pool) throws PoolException, InterruptedException {
    for (Host host : pool.hosts()) {
      switch (host.role()) {
        case CENTRAL_MANAGER -> {
          host.write(EARLY, CENTRAL_MANAGER + ACCESS_POINT_EARLY, "644");
          host.write(LATE, ACCESS_POINT_LATE, "644");
        }
        case ACCESS_POINT -> {
          host.write(EARLY, ACCESS_POINT_EARLY, "644");
          host.write(LATE, ACCESS_POINT_LATE, "644");
        }
        case EXECUTE -> {
          host.write("/usr/local/bin/site-health", HEALTH, "755");
          host.write(EARLY, EXECUTE_EARLY, "644");
          host.write(LATE, EXECUTE_LATE, "644");
        }
      }
      host.write(LOCAL, "SITE_LOCAL_FILE_IS_READ = True\n", "644");
    }
  }

  private static final String CENTRAL_MANAGER =
      """
      COLLECTOR_REQUIREMENTS = SiteBanned =!= True
      XSW_LIMIT = 1
      DAEMON_LIST = $(DAEMON_LIST) DEFRAG
      DEFRAG_INTERVAL = 3600
      ABSENT_REQUIREMENTS = True
      COLLECTOR_PERSISTENT_AD_LOG = $(SPOOL)/collector.ads
      """;

  /** The manual's groups by user, and what sites ask of jobs. */
  private static final String ACCESS_POINT_EARLY =
      """
      SCHEDD_CLASSAD_USER_MAP_NAMES = SiteGroups
      CLASSAD_USER_MAPDATA_SiteGroups @=end
      * alice physics
      * /.*/ ordinary
      @end
      SYSTEM_PERIODIC_HOLD = JobUniverse == 5 && SiteHoldMe =?= True
      SYSTEM_PERIODIC_REMOVE = JobStatus == 5 && time() - EnteredCurrentStatus > 864000
      MAX_JOBS_RUNNING = 50
      MAX_JOBS_PER_OWNER = 500
      """;

  private static final String ACCESS_POINT_LATE =
      """
      JOB_TRANSFORM_NAMES = AssignGroup
      JOB_TRANSFORM_AssignGroup @=end
        EVALSET AcctGroup userMap("SiteGroups", Owner, AcctGroup)
        EVALSET AcctGroupUser Owner
        EVALSET AccountingGroup join(".", AcctGroup, Owner)
      @end
      SUBMIT_REQUIREMENT_NAMES = SiteMemory
      SUBMIT_REQUIREMENT_SiteMemory = isUndefined(RequestMemory) || RequestMemory < 1000000
      SUBMIT_REQUIREMENT_SiteMemory_REASON = "site: no host has so much memory"
      IMMUTABLE_JOB_ATTRS = SiteProject
      """;

  private static final String EXECUTE_EARLY =
      """
      SINGULARITY_JOB = TARGET.SiteImage =!= UNDEFINED
      MAXJOBRETIREMENTTIME = 3600
      """;

  private static final String EXECUTE_LATE =
      """
      START = TARGET.SiteBlocked =!= True
      STARTD_CRON_JOBLIST = HEALTH
      STARTD_CRON_HEALTH_EXECUTABLE = /usr/local/bin/site-health
      STARTD_CRON_HEALTH_PERIOD = 10s
      STARTD_ATTRS = SiteRack
      SiteRack = "r7"
      """;

  private static final String HEALTH =
      """
      #!/bin/sh
      echo 'SiteHealthy = True'
      """;
}
