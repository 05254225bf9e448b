package org.vocluster.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vocluster.simulation.report.Timeline.Series;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.decision.PoolDecision;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocName;

/**
 * Shows the pool to the sizer when the sizer would look, and carries out what it decides, after the
 * time that HTCondor's tools take. {@link Simulation} calls it when a look is due.
 */
final class Orders {
  private final World world;
  private final JobQueue queue;
  private final NodeLife life;
  private final SizerTwin sizer;

  /** Nodes that are not in the queue yet, by name. */
  private final Map<NodeId, NodeKind> submitted = new LinkedHashMap<>();

  /** VOCs whose submission is under way: one at a time. */
  private final Set<VocName> submitting = new HashSet<>();

  private int nextNode = 1;

  Orders(World world, JobQueue queue, NodeLife life, SizerTwin sizer) {
    this.world = world;
    this.queue = queue;
    this.life = life;
    this.sizer = sizer;
  }

  void readCollector() {
    world.collector().happens(world.now());
    boolean joined = sizer.slots(world.slots(), world.instant());
    if (joined && world.timeline().now(Series.IDLE_JOBS) > 0) {
      world.askForNegotiation();
    }
    world.decideNow();
  }

  void decide() {
    List<NodeJob> nodeJobs = new ArrayList<>(world.nodes().size());
    for (Node node : world.nodes().values()) {
      nodeJobs.add(node.job());
    }
    submitted.keySet().removeAll(world.nodes().keySet());
    sizer.nodeJobs(nodeJobs, world.instant());
    sizer.idleJobs(queue.idle(), world.instant());
    world.decided();
    PoolDecision decision = sizer.decide(submitted, world.instant());
    List<Action> actions = notOrdered(decision, world.now());
    actions.forEach(action -> carryOut(action, decision.avoidedHosts()));
    world.decideBy(nextDecision());
  }

  /**
   * When the sizer would act although nothing changes but the time: it looks every second, and what
   * it waits for (an end of a pause, a node overdue) stays so once it is. Found by halving, so that
   * the seconds between need not be gone through.
   */
  private long nextDecision() {
    long now = world.now();
    long next = Math.min(Math.min(world.next(), queue.next()), world.conditions().untilMs());
    long most = Math.min(next, now + World.STALLED_MS);
    long seconds = (most - now) / World.SECOND;
    if (seconds < 1 || !acts(now + seconds * World.SECOND)) {
      return Events.NEVER;
    }
    long no = 0;
    long yes = seconds;
    while (yes - no > 1) {
      long middle = (no + yes) / 2;
      if (acts(now + middle * World.SECOND)) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return now + yes * World.SECOND;
  }

  private boolean acts(long at) {
    return !notOrdered(sizer.decide(submitted, World.instant(at)), at).isEmpty();
  }

  /** The actions, or what is left of them without what was ordered a moment ago. */
  private List<Action> notOrdered(PoolDecision decision, long at) {
    List<Action> left = new ArrayList<>();
    for (Action action : decision.actions()) {
      Action rest = notOrdered(action, at);
      if (rest != null) {
        left.add(rest);
      }
    }
    return left;
  }

  private @Nullable Action notOrdered(Action action, long at) {
    return switch (action) {
      case Action.Submit submit -> submitting.contains(submit.voc()) ? null : submit;
      case Action.Remove(List<NodeJob> nodes, String why) -> {
        List<NodeJob> left = notOrdered(nodes, at);
        yield left.isEmpty() ? null : new Action.Remove(left, why);
      }
      case Action.Drain(List<NodeJob> nodes, String why) -> {
        List<NodeJob> left = notOrdered(nodes, at);
        yield left.isEmpty() ? null : new Action.Drain(left, why);
      }
      case Action.Avoid(List<NodeJob> nodes, Set<String> hosts, String why) -> {
        List<NodeJob> left = notOrdered(nodes, at);
        yield left.isEmpty() ? null : new Action.Avoid(left, hosts, why);
      }
    };
  }

  private List<NodeJob> notOrdered(List<NodeJob> jobs, long at) {
    return jobs.stream().filter(job -> !wasOrdered(job, at)).toList();
  }

  private boolean wasOrdered(NodeJob job, long at) {
    Node node = world.nodes().get(job.node());
    return node != null && node.wasOrderedSince(at - Paces.ORDERED_AGAIN.toMillis());
  }

  private void carryOut(Action action, Set<String> avoidedHosts) {
    switch (action) {
      case Action.Submit submit -> submit(submit, avoidedHosts);
      case Action.Remove remove -> {
        remove.nodes().forEach(sizer::removing);
        soon(remove.nodes(), life::remove);
      }
      case Action.Drain drain -> soon(drain.nodes(), life::drain);
      case Action.Avoid avoid ->
          soon(
              avoid.nodes(),
              node -> {
                node.avoid(avoid.hosts());
                world.queueChanges();
              });
    }
  }

  private void soon(List<NodeJob> jobs, Consumer<Node> what) {
    for (NodeJob job : jobs) {
      Node ordered = world.nodes().get(job.node());
      if (ordered != null) {
        ordered.ordered(world.now());
      }
      world.planIn(
          world.conditions().lags().submitMs(),
          () -> {
            Node node = world.nodes().get(job.node());
            if (node != null) {
              what.accept(node);
            }
          });
    }
  }

  private void submit(Action.Submit order, Set<String> avoidedHosts) {
    NodeKind kind = world.nodeKind(order.kind());
    if (kind == null || !submitting.add(order.voc())) {
      return;
    }
    List<NodeId> names = new ArrayList<>(order.nodes());
    for (int i = 0; i < order.nodes(); i++) {
      names.add(new NodeId(order.voc() + "-" + nextNode++));
    }
    names.forEach(name -> submitted.put(name, kind));
    world.planIn(
        world.conditions().lags().submitMs(),
        () -> {
          submitting.remove(order.voc());
          names.forEach(name -> life.submit(kind, name, avoidedHosts));
          world.queueChanges();
          world.askForNegotiation();
        });
  }
}
