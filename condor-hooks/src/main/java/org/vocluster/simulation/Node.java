package org.vocluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.simulation.report.NodeState;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.vm.definition.NodeId;

/**
 * A node from its node job's submission to that job's end, and how queue and collector show it.
 * Holds what is so; {@link NodeLife} says what happens.
 */
final class Node implements Comparable<Node> {
  /** A job's hold on a part of the node, a dynamic slot. */
  static final class Claim {
    private final Resources part;
    private final long since;
    private Job job;
    private boolean runs;

    Claim(Resources part, long since, Job job) {
      this.part = part;
      this.since = since;
      this.job = job;
    }

    Resources part() {
      return part;
    }

    long since() {
      return since;
    }

    Job job() {
      return job;
    }

    boolean runs() {
      return runs;
    }

    void next(Job job) {
      this.job = job;
      runs = false;
    }

    void starts() {
      runs = true;
    }
  }

  private final NodeKind kind;
  private final NodeId name;
  private final JobId id;
  private Set<String> avoids = Set.of();
  private final List<Claim> claims = new ArrayList<>();
  private long statusSince;
  private @Nullable Long orderedAt;
  private @Nullable Host host;
  private @Nullable NodeState state;
  private long stateSince;
  private long startedAt;
  private long joinedAt;
  private long idleSince;
  private boolean joined;
  private boolean draining;
  private boolean gone;
  private Resources free;
  private @Nullable NodeJob job;

  Node(NodeKind kind, NodeId name, JobId id, long now) {
    this.kind = kind;
    this.name = name;
    this.id = id;
    this.statusSince = now;
    this.free = kind.offers();
  }

  NodeKind kind() {
    return kind;
  }

  /** Its node job as the queue shows it; most of the time it is as it was. */
  NodeJob job() {
    NodeJob known = job;
    if (known == null) {
      known = job(runs() ? JobStatus.RUNNING : JobStatus.IDLE);
      job = known;
    }
    return known;
  }

  /** The same in another state. */
  NodeJob job(JobStatus status) {
    String where = host == null || !runs() ? "" : host.name();
    return new NodeJob(
        id,
        "",
        kind.vo().account(),
        new NodeJob.Spec(
            kind.vocShape(),
            kind.vo(),
            name,
            kind.digest(),
            Optional.of(kind.definition().image()),
            String.join(",", new TreeSet<>(avoids))),
        new NodeJob.State(status, World.instant(statusSince).getEpochSecond()),
        new NodeJob.Run(where, where.isEmpty() ? 0 : 1, 0, "", ""));
  }

  /** Its slots as the collector shows them: the partitionable one, and one for each claim. */
  List<NodeSlot> slots() {
    List<NodeSlot> slots = new ArrayList<>(1 + claims.size());
    slots.add(slot(free, false, kind.offers()));
    for (Claim claim : claims) {
      slots.add(slot(claim.runs() ? Resources.NONE : claim.part(), true, Resources.NONE));
    }
    return List.copyOf(slots);
  }

  private NodeSlot slot(Resources offered, boolean claimed, Resources whole) {
    return new NodeSlot(
        name, kind.vocShape(), offered, claimed, whole, World.instant(deathAt()), draining);
  }

  NodeId name() {
    return name;
  }

  JobId id() {
    return id;
  }

  void avoid(Set<String> hosts) {
    job = null;
    avoids = Set.copyOf(hosts);
  }

  boolean accepts(Host one) {
    return !avoids.contains(one.name());
  }

  /** The sizer ordered something about it. */
  void ordered(long now) {
    orderedAt = now;
  }

  boolean wasOrderedSince(long time) {
    return orderedAt != null && orderedAt >= time;
  }

  @Nullable Host host() {
    return host;
  }

  void matched(Host host) {
    job = null;
    this.host = host;
  }

  boolean isMatched() {
    return host != null;
  }

  void starts(long now) {
    job = null;
    statusSince = now;
    startedAt = now;
  }

  /** Null until its node job runs. */
  @Nullable NodeState state() {
    return state;
  }

  long stateSince() {
    return stateSince;
  }

  void state(NodeState state, long now) {
    this.state = state;
    stateSince = now;
  }

  boolean runs() {
    return state != null && !gone;
  }

  void joins(long now) {
    joined = true;
    joinedAt = now;
    idleSince = now;
  }

  boolean isJoined() {
    return joined;
  }

  long joinedAt() {
    return joinedAt;
  }

  long idleSince() {
    return idleSince;
  }

  void idleSince(long now) {
    idleSince = now;
  }

  /** When its START stops being true. */
  long deathAt() {
    return startedAt + kind.definition().lifetimeSeconds() * World.SECOND;
  }

  void drain() {
    draining = true;
  }

  boolean takesJobs(long now) {
    return joined && !gone && !draining && state != NodeState.LEAVING && now < deathAt();
  }

  void ends() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  List<Claim> claims() {
    return claims;
  }

  Resources free() {
    return free;
  }

  void free(Resources free) {
    this.free = free;
  }

  @Override
  public int compareTo(Node other) {
    return id.compareTo(other.id);
  }
}
