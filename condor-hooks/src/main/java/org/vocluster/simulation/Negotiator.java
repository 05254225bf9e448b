package org.vocluster.simulation;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.Resources;

/**
 * HTCondor's negotiator: which node job gets a host, and which payload job gets a node. {@link
 * Simulation} calls it when a cycle is due. It prefers as HTCondor does, and knows nothing of what
 * the sizer wants.
 */
final class Negotiator {
  private final World world;
  private final Hosts hosts;
  private final JobQueue queue;
  private final NodeLife life;
  private final JobRuns runs;

  Negotiator(World world, Hosts hosts, JobQueue queue, NodeLife life, JobRuns runs) {
    this.world = world;
    this.hosts = hosts;
    this.queue = queue;
    this.life = life;
    this.runs = runs;
  }

  /** The schedd asks for a cycle. */
  void wake() {
    Conditions.Negotiator pace = world.conditions().negotiator();
    world.schedd().happens(world.now());
    world.negotiator().soon(world.now(), pace.intervalMs(), pace.delayMs());
  }

  void negotiate() {
    world.negotiator().happens(world.now());
    matchNodes();
    queue.usersByVo().forEach(this::matchJobs);
  }

  /**
   * Node jobs to hosts: one at a time to the group that is furthest below its share; first within
   * the quotas, then, if they accept surplus, beyond them.
   */
  private void matchNodes() {
    Set<NodeKind> refused = new HashSet<>();
    Quotas quotas = world.conditions().quotas();
    for (boolean withinQuota : new boolean[] {true, false}) {
      if (!withinQuota && !quotas.surplus()) {
        continue;
      }
      Set<NodeKind> passed = new HashSet<>(refused);
      for (NodeKind kind = neediest(passed); kind != null; kind = neediest(passed)) {
        String group = kind.accountingGroup();
        if (withinQuota && quotas.reached(group, hosts.heldBy(group), kind.request().cpus())) {
          passed.add(kind);
        } else if (!matchOne(kind)) {
          passed.add(kind);
          refused.add(kind);
        }
      }
    }
  }

  private @Nullable NodeKind neediest(Set<NodeKind> passed) {
    NodeKind neediest = null;
    double least = 0;
    for (NodeKind kind : world.nodeKinds()) {
      if (kind.queued().isEmpty() || passed.contains(kind)) {
        continue;
      }
      String group = kind.accountingGroup();
      double relative = world.conditions().quotas().relative(group, hosts.heldBy(group));
      if (neediest == null
          || relative < least
          || (relative == least
              && kind.queued().first().compareTo(neediest.queued().first()) < 0)) {
        neediest = kind;
        least = relative;
      }
    }
    return neediest;
  }

  private boolean matchOne(NodeKind kind) {
    Node node = kind.queued().first();
    Host host = hosts.take(node);
    if (host == null) {
      return false;
    }
    life.matched(node, host);
    return true;
  }

  /** Jobs of one VO to its nodes: one at a time to the user who holds the fewest processors. */
  private void matchJobs(Collection<User> users) {
    Set<JobKind> refused = new HashSet<>();
    PriorityQueue<User> waiting =
        new PriorityQueue<>(Comparator.comparingLong(User::cpus).thenComparingInt(User::number));
    users.stream().filter(User::hasIdle).forEach(waiting::add);
    for (User user = waiting.poll(); user != null; user = waiting.poll()) {
      Job job = user.next(kind -> !refused.contains(kind));
      if (job == null) {
        continue;
      }
      if (!matchOne(job)) {
        refused.add(job.kind());
      }
      if (user.hasIdle()) {
        waiting.add(user);
      }
    }
  }

  private boolean matchOne(Job job) {
    Node node = null;
    Resources request = Resources.NONE;
    for (JobKind.Place place : job.kind().places()) {
      Node one =
          place
              .nodes()
              .taking()
              .preferred(place::requestAt, any -> place.hasTime(any, world.now()));
      if (one != null && (node == null || one.free().cpus() < node.free().cpus())) {
        node = one;
        request = place.requestAt(one.free());
      }
    }
    if (node == null) {
      return false;
    }
    runs.claim(node, job, request);
    return true;
  }
}
