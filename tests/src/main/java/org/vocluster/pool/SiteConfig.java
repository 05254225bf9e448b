package org.vocluster.pool;

/** What a site's admin writes into HTCondor's config.d before any package of ours comes. */
public final class SiteConfig {
  /** Names of hosts, users and token issuers all live in it. */
  public static final String DOMAIN = "site.test";

  static final String FILE = "/etc/condor/config.d/10-site.conf";
  public static final String TOKEN_FILE = "/etc/condor/tokens.d/condor@" + DOMAIN;
  static final String SIGNING_KEY_FILE = "/etc/condor/passwords.d/POOL";

  private SiteConfig() {}

  static String text(PoolPlan plan, HostPlan host) {
    return common(plan)
        + switch (host.role()) {
          case CENTRAL_MANAGER -> CENTRAL_MANAGER;
          case ACCESS_POINT -> ACCESS_POINT;
          case EXECUTE -> EXECUTE;
        };
  }

  private static String common(PoolPlan plan) {
    return """
        # The site's own configuration, same on all hosts but for the last part.
        # An address, not a name: guests that run behind an execution point have no DNS of ours.
        CONDOR_HOST = %s
        UID_DOMAIN = %s
        TRUST_DOMAIN = %s
        ENABLE_IPV6 = False

        # Who may do what: Debian's package has "use security:recommended_v9_0" already, that is,
        # strong security and daemons known by their token, condor@$(TRUST_DOMAIN).
        ALLOW_ADMINISTRATOR = condor@$(TRUST_DOMAIN) root@$(UID_DOMAIN)
        ALLOW_DAEMON = condor@$(TRUST_DOMAIN)
        ALLOW_NEGOTIATOR = condor@$(TRUST_DOMAIN)

        # A test waits for what a site's users would wait for longer.
        NEGOTIATOR_INTERVAL = 10
        NEGOTIATOR_CYCLE_DELAY = 1
        NEGOTIATOR_MIN_INTERVAL = 1
        SCHEDD_INTERVAL = 30
        UPDATE_INTERVAL = 15

        # Times in logs to the millisecond: what is measured is read from them.
        ALL_DEBUG = D_SUB_SECOND
        """
        .formatted(plan.condorHost(), DOMAIN, DOMAIN);
  }

  private static final String CENTRAL_MANAGER =
      """

      DAEMON_LIST = MASTER COLLECTOR NEGOTIATOR SCHEDD
      """;

  private static final String ACCESS_POINT =
      """

      DAEMON_LIST = MASTER SCHEDD
      """;

  private static final String EXECUTE =
      """

      DAEMON_LIST = MASTER STARTD
      # Several hosts share one machine: each offers a share of it, in one slot that is cut as needed.
      NUM_CPUS = 2
      MEMORY = 4096
      NUM_SLOTS = 1
      NUM_SLOTS_TYPE_1 = 1
      SLOT_TYPE_1 = 100%
      SLOT_TYPE_1_PARTITIONABLE = True
      START = True
      SUSPEND = False
      PREEMPT = False
      KILL = False
      RunBenchmarks = False
      """;
}
