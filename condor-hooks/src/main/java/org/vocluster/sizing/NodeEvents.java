package org.vocluster.sizing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.sizing.collector.AdReaper;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.history.Expectations;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.NodeLog;
import org.vocluster.sizing.journal.NodeTimes;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.submit.NodeActions;
import org.vocluster.vm.definition.NodeId;

/**
 * Tells what happens to nodes to all who keep account of them: {@link NodeActions} what came of its
 * orders, {@link AdReaper} whose machine is gone, {@link NodeTimes} when, {@link NodeHistory}
 * whether it was a failure; and says it in the log, the audit log and the log of nodes. {@link
 * Sizer} calls it with what the queue and the collector say, ends first: what is not in the queue
 * any more is forgotten by all at the next look. It decides nothing.
 */
final class NodeEvents {
  private final NodeHistory history;
  private final NodeTimes times;
  private final NodeLog nodeLog;
  private final NodeActions actions;
  private final AdReaper reaper;
  private final SizerLog log;
  private final AuditLog audit;

  private @Nullable List<NodeJob> own;
  private List<NodeJob> others = List.of();
  private NodeJobs all = NodeJobs.of(List.of());
  private Map<NodeId, NodeJob> byNode = Map.of();
  private Set<Breaker> breakersSaid = Set.of();

  NodeEvents(
      NodeHistory history,
      NodeTimes times,
      NodeLog nodeLog,
      NodeActions actions,
      AdReaper reaper,
      SizerLog log,
      AuditLog audit) {
    this.history = history;
    this.times = times;
    this.nodeLog = nodeLog;
    this.actions = actions;
    this.reaper = reaper;
    this.log = log;
    this.audit = audit;
  }

  // --- the queues

  /** A node job has left the own queue. */
  void ended(NodeJob node, Expectations expected, Instant now) {
    actions.ended(node);
    say(history.ended(node, expected, now), now);
  }

  /**
   * These are the node jobs in the queues; those that left are to be told before.
   *
   * @param inOwn of the own schedd
   * @param inOthers of the other schedds that are served
   */
  void inQueues(List<NodeJob> inOwn, List<NodeJob> inOthers, Instant now) {
    if (!inOwn.equals(own) || !inOthers.equals(others)) {
      own = inOwn;
      others = inOthers;
      List<NodeJob> both = new ArrayList<>(inOwn);
      both.addAll(inOthers);
      all = NodeJobs.of(both);
      Map<NodeId, NodeJob> fresh = new LinkedHashMap<>();
      both.forEach(node -> fresh.putIfAbsent(node.node(), node));
      byNode = fresh;
      actions.saw(both);
      reaper.saw(inOwn);
      times.saw(both).forEach(nodeLog::record);
      history.saw(both, now).forEach(end -> say(end, now));
    }
    sayBreakers();
  }

  private void say(NodeHistory.End end, Instant now) {
    NodeJob node = end.node();
    String fault = end.fault().isEmpty() ? "" : "; " + end.fault();
    log.say("node " + node.node() + " (node job " + node.id() + ") " + end.what() + fault);
    audit.record(node.voc(), "end", List.of(node.node()), end.what() + fault);
    times.ended(node, end.what() + fault, now).ifPresent(nodeLog::record);
  }

  /** All node jobs in the queues, as last told. */
  NodeJobs all() {
    return all;
  }

  /** The same, one for each node. */
  Map<NodeId, NodeJob> byNode() {
    return byNode;
  }

  boolean isAnyRunning() {
    return byNode.values().stream().anyMatch(NodeJob::isRunning);
  }

  /** Whether one runs that has not joined the pool. */
  boolean isAnyBooting() {
    return byNode.values().stream()
        .anyMatch(node -> node.isRunning() && !history.hasJoined(node.node()));
  }

  /** Whether one waits in a queue for longer than that. */
  boolean isAnyQueuedFor(Duration duration, Instant now) {
    long since = now.minus(duration).getEpochSecond();
    return byNode.values().stream().anyMatch(node -> node.isQueued() && node.since() < since);
  }

  // --- the pool

  /**
   * These slots of nodes are in the pool.
   *
   * @return whether a node joined that was not there before
   */
  boolean inPool(SlotReading.Known slots, Instant now) {
    List<NodeId> joined = history.sawSlots(slots.slots(), byNode, now);
    if (!joined.isEmpty()) {
      log.say(
          "joined the pool: "
              + joined.stream().map(NodeId::value).collect(Collectors.joining(", ")));
      for (NodeId node : joined) {
        NodeJob job = byNode.get(node);
        if (job != null) {
          audit.record(job.voc(), "join", List.of(node), "on " + job.run().host());
        }
      }
    }
    sayBreakers();
    return !joined.isEmpty();
  }

  /** The collector has answered: with what it says of nodes that tells when things happened. */
  void answered(SlotReading.Known answer) {
    times.sawAds(answer.sightings(), answer.asked()).forEach(nodeLog::record);
  }

  // --- breakers

  /** Breakers of an earlier process have been taken over. */
  void breakersRecalled() {
    breakersSaid = Set.copyOf(history.breakers().all());
    for (Breaker breaker : breakersSaid) {
      log.say("breaker recalled for " + name(breaker) + ": " + breaker.what());
    }
  }

  private void sayBreakers() {
    Set<Breaker> now = Set.copyOf(history.breakers().all());
    if (now.equals(breakersSaid)) {
      return;
    }
    for (Breaker breaker : now) {
      if (!breakersSaid.contains(breaker)) {
        String text = name(breaker) + ": " + breaker.what();
        log.say("breaker opens until " + breaker.until() + " for " + text);
        audit.record(breaker.voc(), "breaker-open", List.of(), text);
      }
    }
    for (Breaker breaker : breakersSaid) {
      if (now.stream().noneMatch(other -> isSame(other, breaker))) {
        log.say("breaker closes for " + name(breaker));
        audit.record(breaker.voc(), "breaker-close", List.of(), name(breaker));
      }
    }
    breakersSaid = now;
  }

  private static String name(Breaker breaker) {
    return breaker.scope().text() + " " + breaker.key();
  }

  private static boolean isSame(Breaker a, Breaker b) {
    return a.scope() == b.scope() && a.key().equals(b.key()) && a.failure() == b.failure();
  }
}
