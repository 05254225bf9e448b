package org.vocluster.pool;

import java.util.regex.Pattern;

/**
 * One host of a pool, as planned.
 *
 * @param name its short name, also its end of the cable at the pool's switch
 * @param address its IPv4 address; its network has 24 bits
 */
public record HostPlan(String name, Role role, String address) {
  // A Linux network interface's name has at most 15 characters.
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,14}");

  /** What HTCondor does on a host. */
  public enum Role {
    /** Collector, negotiator and the access point's schedd. */
    CENTRAL_MANAGER,
    /** A schedd apart from the collector, where users submit too. */
    ACCESS_POINT,
    /** An execution point: a startd. */
    EXECUTE
  }

  public HostPlan {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a host name: '%s'".formatted(name));
    }
  }

  public String fullName() {
    return name + "." + SiteConfig.DOMAIN;
  }
}
