package org.vocluster.simulation;

import java.util.List;
import org.vocluster.simulation.Node.Claim;
import org.vocluster.simulation.report.Outcome;
import org.vocluster.simulation.trace.TraceJob;
import org.vocluster.vm.node.NodeContext;

/**
 * One run of a trace under one policy: an event-driven model of schedd, negotiator, hosts and nodes
 * around the sizer's own decisions. Pure: virtual time, and randomness from a seed. For one use.
 */
final class Simulation {
  /** What the last nodes may take beyond their idle time before the end is called. */
  private static final long STRAGGLING_MS = 60 * World.SECOND;

  private final World world;
  private final SizerTwin sizer;
  private final Hosts hosts;
  private final JobQueue queue;
  private final NodeLife life;
  private final Negotiator negotiator;
  private final Orders orders;
  private final long stragglersMs;

  Simulation(List<TraceJob> trace, SizerTwin sizer, Conditions conditions) {
    this.sizer = sizer;
    world = new World(conditions, sizer.prototypes().stream().map(NodeKind::new).toList());
    hosts = new Hosts(conditions.hosts());
    queue = new JobQueue(world, sizer, trace);
    life = new NodeLife(world, hosts, queue, sizer);
    negotiator = new Negotiator(world, hosts, queue, life, new JobRuns(world, queue, life));
    orders = new Orders(world, queue, life, sizer);
    long longestIdleSeconds = 0;
    for (NodeKind kind : world.nodeKinds()) {
      longestIdleSeconds =
          Math.max(
              longestIdleSeconds, kind.definition().idleSeconds() + NodeContext.UPDATE_SECONDS);
    }
    stragglersMs =
        longestIdleSeconds * World.SECOND + conditions.lags().shutdownMs() + STRAGGLING_MS;
  }

  /** Runs to the end of the work, or as far as the conditions say. */
  Outcome run() {
    long until = world.conditions().untilMs();
    while (true) {
      long next = Math.min(world.next(), queue.next());
      if (next == Events.NEVER) {
        break;
      }
      if (next > until) {
        world.passTo(until);
        break;
      }
      world.passTo(next);
      queue.arrive();
      world.runEvents();
      if (world.collector().next() <= next) {
        orders.readCollector();
      }
      if (world.schedd().next() <= next) {
        negotiator.wake();
      }
      if (world.negotiator().next() <= next) {
        negotiator.negotiate();
      }
      if (world.isDecisionDue()) {
        orders.decide();
      }
      world.timeline().keep(next);
      if (isOver()) {
        break;
      }
    }
    return close();
  }

  /** Nothing is left to do, or nothing will ever happen to what is left. */
  private boolean isOver() {
    if (!queue.isQuiet()) {
      return false;
    }
    if (queue.hasOpen()) {
      return world.now() > queue.lastProgress() + World.STALLED_MS;
    }
    boolean nodesLeft = world.nodes().values().stream().anyMatch(Node::runs);
    return !nodesLeft || world.now() > queue.lastEnd() + stragglersMs;
  }

  private Outcome close() {
    for (Node node : world.nodes().values()) {
      for (Claim claim : node.claims()) {
        if (claim.runs()) {
          queue.cutOff(claim.job(), claim.part().cpus());
        }
      }
      life.account(node);
    }
    world.timeline().keep(world.now());
    return new Outcome(
        world.books(),
        world.timeline(),
        world.now(),
        hosts.cpus(),
        queue.unserved(),
        sizer.assumed());
  }
}
