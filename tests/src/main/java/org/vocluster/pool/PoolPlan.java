package org.vocluster.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything about a pool that is decided before it is up.
 *
 * <p>Pools do not see each other, nor the machine's own networks: each has its switch in a network
 * namespace of its own. So all use the same addresses.
 */
public record PoolPlan(PoolName name, Suite suite, List<HostPlan> hosts, List<Account> accounts) {
  private static final String NETWORK = "10.77.0.";
  private static final int FIRST_ACCESS_POINT = 2;
  private static final int FIRST_EXECUTE_HOST = 11;

  /** Users of VO cms, of VO atlas and of none, and the VOs' own accounts. */
  private static final List<Account> ACCOUNTS =
      List.of(
          new Account("alice", 2001),
          new Account("bob", 2002),
          new Account("carol", 2003),
          new Account("voc-cms", 2101),
          new Account("voc-atlas", 2102));

  public PoolPlan {
    hosts = List.copyOf(hosts);
    accounts = List.copyOf(accounts);
  }

  /** The usual pool: "cm" and so many execution points, "pad1", "pad2", … */
  public static PoolPlan of(PoolName name, Suite suite, int executeHosts) {
    return of(name, suite, 0, executeHosts);
  }

  /** A pool with access points apart from the collector besides, "ap2", "ap3", … */
  public static PoolPlan of(PoolName name, Suite suite, int otherAccessPoints, int executeHosts) {
    List<HostPlan> hosts = new ArrayList<>();
    hosts.add(new HostPlan("cm", HostPlan.Role.CENTRAL_MANAGER, NETWORK + 1));
    for (int i = 0; i < otherAccessPoints; i++) {
      int number = FIRST_ACCESS_POINT + i;
      hosts.add(new HostPlan("ap" + number, HostPlan.Role.ACCESS_POINT, NETWORK + number));
    }
    for (int i = 1; i <= executeHosts; i++) {
      hosts.add(
          new HostPlan("pad" + i, HostPlan.Role.EXECUTE, NETWORK + (FIRST_EXECUTE_HOST - 1 + i)));
    }
    return new PoolPlan(name, suite, hosts, ACCOUNTS);
  }

  /** The central manager's address. Guests behind an execution point's NAT reach it too. */
  public String condorHost() {
    return hosts.stream()
        .filter(host -> host.role() == HostPlan.Role.CENTRAL_MANAGER)
        .map(HostPlan::address)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a pool needs a central manager"));
  }

  /** The same /etc/hosts for every host. */
  String hostsFile() {
    return hosts.stream()
        .map(host -> "%s %s %s\n".formatted(host.address(), host.fullName(), host.name()))
        .collect(Collectors.joining("", "127.0.0.1 localhost\n", ""));
  }
}
