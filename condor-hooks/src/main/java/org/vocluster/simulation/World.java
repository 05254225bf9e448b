package org.vocluster.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.simulation.report.Books;
import org.vocluster.simulation.report.Timeline;
import org.vocluster.simulation.report.Timeline.Series;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.NodeId;

/**
 * The model's time, its nodes, and who looks at what next. The trades work on it and tell it what
 * changed; {@link Simulation} lets its time pass. It decides nothing.
 */
final class World {
  /** {@code VOC_SIZE_INTERVAL} as the package sets it. */
  private static final Duration STANDARD_INTERVAL = Duration.ofSeconds(10);

  static final long SECOND = 1_000;

  /** When nothing has been running for so long, nothing will. */
  static final long STALLED_MS = 7 * 86_400 * SECOND;

  /** Where virtual time begins: late enough for times of HTCondor, and a round number. */
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");

  private final Conditions conditions;
  private final List<NodeKind> nodeKinds;
  private final Events events = new Events();
  private final Books books = new Books();
  private final Timeline timeline = new Timeline();
  private final Pace negotiator;
  private final Pace schedd;
  private final Pace collector = new Pace(0);
  private final Map<NodeId, Node> nodes = new LinkedHashMap<>();

  /** Of each node in the pool what the collector shows of it; empty when that has to be renewed. */
  private final Map<Node, List<NodeSlot>> slots = new TreeMap<>();

  private long now;
  private long passAt = 0;

  World(Conditions conditions, List<NodeKind> nodeKinds) {
    this.conditions = conditions;
    this.nodeKinds = List.copyOf(nodeKinds);
    // The first submission meets a pool that was quiet: nothing has just happened.
    this.negotiator = new Pace(-conditions.negotiator().intervalMs() / 2);
    this.schedd = new Pace(-conditions.negotiator().scheddMs());
  }

  Conditions conditions() {
    return conditions;
  }

  Books books() {
    return books;
  }

  Timeline timeline() {
    return timeline;
  }

  List<NodeKind> nodeKinds() {
    return nodeKinds;
  }

  @Nullable NodeKind nodeKind(VocShape vocShape) {
    for (NodeKind kind : nodeKinds) {
      if (kind.vocShape().equals(vocShape)) {
        return kind;
      }
    }
    return null;
  }

  /** Nodes whose job is in the queue, by name, in the order of their submission. */
  Map<NodeId, Node> nodes() {
    return nodes;
  }

  // --- Time

  /** Milliseconds since the trace's first submission. */
  long now() {
    return now;
  }

  Instant instant() {
    return instant(now);
  }

  /**
   * By how many seconds the trace's own clock is ahead of {@link #instant}.
   *
   * @param began when the trace begins, in seconds since 1970; 0 if it does not say
   */
  static long aheadOfModel(long began) {
    return began > 0 ? began - EPOCH.getEpochSecond() : 0;
  }

  static Instant instant(long ms) {
    return EPOCH.plusMillis(ms);
  }

  /** When anything is due next. */
  long next() {
    long next = Math.min(events.next(), Math.min(collector.next(), negotiator.next()));
    return Math.min(Math.min(next, schedd.next()), passAt);
  }

  void passTo(long ms) {
    now = ms;
  }

  void plan(long at, Runnable what) {
    events.plan(at, what);
  }

  void planIn(long ms, Runnable what) {
    events.plan(now + ms, what);
  }

  void runEvents() {
    events.run(now);
  }

  // --- Who looks next

  /** Its negotiation cycles. */
  Pace negotiator() {
    return negotiator;
  }

  /** When the schedd asks for one, which it does not do for every wish at once. */
  Pace schedd() {
    return schedd;
  }

  /** The sizer's questions to it. */
  Pace collector() {
    return collector;
  }

  void askForNegotiation() {
    schedd.soon(now, Events.NEVER, conditions.negotiator().scheddMs());
  }

  /** Something became free, which by itself makes nobody ask. */
  void somethingIsFree() {
    negotiator.regular(now, conditions.negotiator().intervalMs());
  }

  /** The sizer follows the queue's log and sees it a moment later. */
  void queueChanges() {
    decideBy(now + conditions.lags().queueMs());
  }

  void decideNow() {
    decideBy(now);
  }

  void decideBy(long at) {
    passAt = Math.min(passAt, at);
  }

  boolean isDecisionDue() {
    return passAt <= now;
  }

  /** Nothing that was to be decided is left. */
  void decided() {
    passAt = Events.NEVER;
  }

  // --- What the collector shows

  void slotsChange(Node node) {
    if (node.isJoined() && !node.isGone()) {
      slots.put(node, List.of());
    }
    collectorChanges();
  }

  void slotsVanish(Node node) {
    slots.remove(node);
    collectorChanges();
  }

  private void collectorChanges() {
    boolean soon =
        timeline.now(Series.IDLE_JOBS) > 0
            || timeline.now(Series.BOOTING) > 0
            || timeline.now(Series.FAILED) > 0;
    collector.regular(now, slotsPace(soon).toMillis());
  }

  List<NodeSlot> slots() {
    List<NodeSlot> all = new ArrayList<>();
    for (Map.Entry<Node, List<NodeSlot>> each : slots.entrySet()) {
      if (each.getValue().isEmpty()) {
        each.setValue(each.getKey().slots());
      }
      all.addAll(each.getValue());
    }
    return all;
  }

  /** How often the sizer asks the collector; sooner while jobs wait or nodes boot. */
  private static Duration slotsPace(boolean soon) {
    return soon ? Paces.SLOTS_SOON : STANDARD_INTERVAL;
  }
}
