package org.vocluster.simulation;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.simulation.Node.Claim;
import org.vocluster.simulation.report.NodeState;
import org.vocluster.simulation.report.Timeline.Series;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.node.NodeContext;

/**
 * What becomes of nodes: node jobs are submitted, start, boot, join, and leave or are ended. Which
 * jobs they run is not its business; what becomes of those at a node's end is.
 */
final class NodeLife {
  private final World world;
  private final Hosts hosts;
  private final JobQueue queue;
  private final SizerTwin sizer;
  private int nextCluster = 1;

  NodeLife(World world, Hosts hosts, JobQueue queue, SizerTwin sizer) {
    this.world = world;
    this.hosts = hosts;
    this.queue = queue;
    this.sizer = sizer;
  }

  /** A node job enters the queue. */
  void submit(NodeKind kind, NodeId name, Set<String> avoidedHosts) {
    Node node = new Node(kind, name, new JobId(nextCluster++, 0), world.now());
    node.avoid(avoidedHosts);
    world.nodes().put(name, node);
    kind.queued().add(node);
    world.books().nodeSubmitted(kind.vo());
    world.timeline().add(Series.QUEUED, 1);
    world.planIn(
        Paces.LONGEST_QUEUED_SECONDS * World.SECOND,
        () -> {
          if (!node.isMatched()) {
            end(node, Ending.WITHDRAWN);
          }
        });
  }

  /** Its node job was given a host. */
  void matched(Node node, Host host) {
    node.kind().queued().remove(node);
    node.matched(host);
    world.planIn(world.conditions().lags().startMs(), () -> start(node));
  }

  private void start(Node node) {
    if (node.isGone()) {
      return;
    }
    Conditions conditions = world.conditions();
    node.starts(world.now());
    world.books().nodeStarted(node.kind().vo());
    world.timeline().add(Series.QUEUED, -1);
    SplittableRandom random =
        new SplittableRandom(conditions.seed() * 1_000_003L + node.id().cluster());
    double standard = random.nextGaussian();
    boolean fails = random.nextDouble() < conditions.boot().failures();
    enter(node, fails ? NodeState.FAILED : NodeState.BOOTING);
    world.queueChanges();
    if (fails) {
      world.books().nodeFailed(node.kind().vo());
    } else {
      world.planIn(conditions.boot().of(standard), () -> join(node));
    }
    world.planIn(node.kind().longestRunSeconds() * World.SECOND, () -> end(node, Ending.KILLED));
    world.plan(node.deathAt(), () -> die(node));
  }

  private void join(Node node) {
    if (node.isGone()) {
      return;
    }
    node.joins(world.now());
    enter(node, node.takesJobs(world.now()) ? NodeState.IDLE : NodeState.LEAVING);
    setFree(node, node.free());
    planIdleCheck(node);
    world.somethingIsFree();
  }

  /** Its START is not true any more. */
  private void die(Node node) {
    if (node.isGone() || !node.isJoined()) {
      return;
    }
    setFree(node, node.free());
    if (node.claims().isEmpty()) {
      enter(node, NodeState.LEAVING);
    }
    world.decideNow();
  }

  /** A job has a claim on it now. */
  void claim(Node node, Claim claim) {
    setFree(node, node.free().minus(claim.part(), 1));
    node.claims().add(claim);
    enter(node, NodeState.BUSY);
  }

  void release(Node node, Claim claim) {
    node.claims().remove(claim);
    setFree(node, node.free().plus(claim.part()));
    if (node.claims().isEmpty()) {
      node.idleSince(world.now());
      enter(node, node.takesJobs(world.now()) ? NodeState.IDLE : NodeState.LEAVING);
      planIdleCheck(node);
    }
    world.somethingIsFree();
  }

  private void setFree(Node node, Resources free) {
    node.kind().taking().remove(node, node.free());
    node.free(free);
    if (node.takesJobs(world.now())) {
      node.kind().taking().add(node, free);
    }
    world.slotsChange(node);
  }

  /**
   * The startd looks whether it was without a claim for long enough only when it updates the
   * collector.
   */
  private void planIdleCheck(Node node) {
    long since = node.idleSince();
    long update = NodeContext.UPDATE_SECONDS * World.SECOND;
    long enough =
        since + node.kind().definition().nodeIdleSeconds() * World.SECOND - node.joinedAt();
    long at = node.joinedAt() + (enough + update - 1) / update * update;
    world.plan(
        at,
        () -> {
          if (!node.isGone() && node.claims().isEmpty() && node.idleSince() == since) {
            leave(node);
          }
        });
  }

  /** By itself, as an unclaimed node does. */
  private void leave(Node node) {
    node.drain();
    setFree(node, node.free());
    enter(node, NodeState.LEAVING);
    world.slotsVanish(node);
    world.planIn(world.conditions().lags().shutdownMs(), () -> end(node, Ending.BY_ITSELF));
  }

  /** Its node job is removed, unless it has joined meanwhile. */
  void remove(Node node) {
    if (!node.isJoined()) {
      end(node, node.runs() ? Ending.KILLED : Ending.WITHDRAWN);
    }
  }

  /** Its startd says whether somebody has a claim on it: if not, nobody gets one any more. */
  void drain(Node node) {
    if (node.isJoined() && node.claims().isEmpty()) {
      sizer.drained(node.job(JobStatus.RUNNING));
      node.drain();
      end(node, Ending.TOLD);
    }
  }

  /** How a node job leaves the queue. */
  private enum Ending {
    BY_ITSELF(JobStatus.COMPLETED),
    /** Told to leave when it had no job. */
    TOLD(JobStatus.REMOVED),
    KILLED(JobStatus.REMOVED),
    /** Before it ran. */
    WITHDRAWN(JobStatus.REMOVED);

    private final JobStatus status;

    Ending(JobStatus status) {
      this.status = status;
    }
  }

  /** Its node job leaves the queue; jobs that it runs are lost. */
  private void end(Node node, Ending ending) {
    if (node.isGone()) {
      return;
    }
    NodeKind kind = node.kind();
    if (node.runs()) {
      account(node);
      world.books().nodeEnded(kind.vo(), ending == Ending.KILLED, ending == Ending.TOLD);
      count(node, -1);
    } else {
      world.books().nodeWithdrawn(kind.vo());
      world.timeline().add(Series.QUEUED, -1);
      kind.queued().remove(node);
    }
    NodeJob job = node.job(ending.status);
    kind.taking().remove(node, node.free());
    node.ends();
    world.slotsVanish(node);
    for (Claim claim : List.copyOf(node.claims())) {
      lose(claim);
    }
    node.claims().clear();
    Host host = node.host();
    if (host != null) {
      hosts.giveBack(host, kind);
      world.somethingIsFree();
    }
    world.nodes().remove(node.name());
    sizer.ended(job, world.instant());
    world.queueChanges();
  }

  private void lose(Claim claim) {
    claim.job().user().addCpus(-claim.part().cpus());
    if (claim.runs()) {
      queue.lost(claim.job(), claim.part().cpus());
    } else {
      queue.returned(claim.job());
    }
  }

  private void enter(Node node, NodeState state) {
    if (node.state() == state) {
      return;
    }
    account(node);
    count(node, -1);
    node.state(state, world.now());
    count(node, 1);
  }

  private void count(Node node, int more) {
    NodeState state = node.state();
    if (state != null) {
      world.timeline().add(Series.of(state), more);
    }
  }

  /** Books the node's time since its last change of state. */
  void account(Node node) {
    NodeState state = node.state();
    if (state != null) {
      long now = world.now();
      world
          .books()
          .node(node.kind().vo(), state, now - node.stateSince(), node.kind().request().cpus());
      node.state(state, now);
    }
  }
}
