package org.vocluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.Resources;

/**
 * The physical hosts: what is free on them, and what each accounting group holds of them. {@link
 * Negotiator} takes of them, {@link NodeLife} gives back.
 */
final class Hosts {
  private final FreeIndex<Host> byFree = new FreeIndex<>();
  private final Map<String, Long> groupCpus = new TreeMap<>();
  private final long cpus;

  Hosts(List<HostGroup> groups) {
    int number = 0;
    long sum = 0;
    for (HostGroup group : groups) {
      Resources whole = new Resources(group.cpus(), group.memoryMb(), group.diskKb(), group.gpus());
      for (int i = 0; i < group.count(); i++) {
        byFree.add(new Host(number++, whole), whole);
      }
      sum += (long) group.cpus() * group.count();
    }
    cpus = sum;
  }

  /** Processors of all hosts. */
  long cpus() {
    return cpus;
  }

  /** Processors that a group's nodes hold. */
  long heldBy(String accountingGroup) {
    return groupCpus.getOrDefault(accountingGroup, 0L);
  }

  /** Gives a node the part of a host that it asks for; null if none has it. */
  @Nullable Host take(Node node) {
    NodeKind kind = node.kind();
    Host host = byFree.preferred(kind.request(), node::accepts);
    if (host != null) {
      byFree.remove(host, host.free());
      host.take(kind.request());
      byFree.add(host, host.free());
      hold(kind, kind.request().cpus());
    }
    return host;
  }

  void giveBack(Host host, NodeKind kind) {
    byFree.remove(host, host.free());
    host.giveBack(kind.request());
    byFree.add(host, host.free());
    hold(kind, -kind.request().cpus());
  }

  private void hold(NodeKind kind, int more) {
    groupCpus.merge(kind.accountingGroup(), (long) more, Long::sum);
  }
}
