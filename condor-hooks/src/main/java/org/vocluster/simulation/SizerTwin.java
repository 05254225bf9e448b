package org.vocluster.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.vocluster.classad.EvalContext;
import org.vocluster.sizing.decision.DemandReading;
import org.vocluster.sizing.decision.PoolDecision;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.Expectations;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;

/**
 * The sizer without its edges: the same demand, history and {@link SizingPass} over readings that
 * the model makes up. It knows values only; what it decides {@link Orders} carries out.
 */
final class SizerTwin {
  /** Jobs arrive when their schedd may run them: whatever they were deferred to is past. */
  private static final Instant TIME_HAS_COME = Instant.MAX;

  private final Map<VocName, VocDefinition> definitions = new HashMap<>();
  private final Map<VocShape, NodePrototype> prototypes = new LinkedHashMap<>();
  private final SizingLimits limits;
  private final long ahead;
  private final Map<VocName, Set<String>> assumed = new TreeMap<>();

  /** As before any node has joined, and as if all images had whatever jobs ask for. */
  private final Demand expected;

  private final Demand best;
  private Demand demand;
  private final NodeHistory history = new NodeHistory();
  private NodeJobs nodeJobs = NodeJobs.of(List.of());
  private Map<NodeId, NodeJob> byNode = Map.of();
  private List<NodeSlot> slots = List.of();

  /** What {@code time()} is in the ads. */
  private long clock;

  private Demand.Assigned assigned = new Demand.Assigned(List.of(), List.of());

  /**
   * @param ahead by how many seconds the ads' clock is ahead of the model's
   */
  SizerTwin(List<VocDefinition> definitions, SizingLimits limits, long ahead) {
    this.limits = limits;
    this.ahead = ahead;
    for (VocDefinition definition : definitions) {
      this.definitions.put(definition.name(), definition);
      for (MachineShape shape : definition.shapes()) {
        NodePrototype prototype = NodePrototype.expected(definition, shape);
        prototypes.put(prototype.kind(), prototype);
      }
    }
    this.expected = demand(prototypes());
    this.best = demand(prototypes().stream().map(NodePrototype::assumed).toList());
    this.demand = expected;
  }

  private Demand demand(List<NodePrototype> known) {
    return new Demand(known, Set.of(), EvalContext.DEFAULT.withClock(() -> clock));
  }

  /** Of each shape of each definition, of a definition the smallest first. */
  List<NodePrototype> prototypes() {
    return List.copyOf(prototypes.values());
  }

  /** Which nodes take such jobs, if their image has what jobs ask for, or why none does. */
  Demand.Assigned judge(JobGroup jobs, Instant now) {
    clock = now.getEpochSecond() + ahead;
    for (Demand.Probing probing : expected.assign(List.of(jobs), TIME_HAS_COME).probing()) {
      assumed
          .computeIfAbsent(
              probing.kind().voc(), voc -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))
          .addAll(probing.attributes());
    }
    return best.assign(List.of(jobs), TIME_HAS_COME);
  }

  /** What it is taken that nodes of each VOC have, because jobs ask for it. */
  Map<VocName, Set<String>> assumed() {
    return Map.copyOf(assumed);
  }

  void idleJobs(List<JobGroup> groups, Instant now) {
    clock = now.getEpochSecond() + ahead;
    assigned = demand.assign(groups, TIME_HAS_COME);
  }

  /** Takes note of the node jobs in the queue. */
  void nodeJobs(List<NodeJob> inQueue, Instant now) {
    nodeJobs = NodeJobs.of(inQueue);
    Map<NodeId, NodeJob> jobs = new HashMap<>();
    inQueue.forEach(job -> jobs.put(job.node(), job));
    byNode = jobs;
    history.saw(inQueue, now);
  }

  /** Takes note of a node job that left the queue. */
  void ended(NodeJob node, Instant now) {
    Expectations expected =
        Expectations.of(() -> assigned.wants(node.voc()), definitions.get(node.voc()));
    history.ended(node, expected, now);
  }

  /**
   * Takes note of an answer of the collector.
   *
   * @return whether a node joined that was not there before
   */
  boolean slots(List<NodeSlot> answer, Instant now) {
    slots = List.copyOf(answer);
    showWhatJobsAskFor();
    return !history.sawSlots(slots, byNode, now).isEmpty();
  }

  /**
   * What an image has the model does not know. Its first node shows that it has whatever its VO's
   * jobs ask for; until then there is one node to see, as in the live system.
   */
  private void showWhatJobsAskFor() {
    boolean any = false;
    for (NodeSlot slot : slots) {
      NodePrototype prototype = prototypes.get(slot.kind());
      if (prototype != null && prototype.knowledge() instanceof NodePrototype.Knowledge.Expected) {
        prototypes.put(slot.kind(), prototype.assumed());
        any = true;
      }
    }
    if (any) {
      demand = demand(prototypes());
    }
  }

  /** Takes note that a node job is about to be removed. */
  void removing(NodeJob node) {
    if (node.isRunning()) {
      history.gaveUp(node);
    } else {
      history.toldToLeave(node);
    }
  }

  /** Takes note that a node was told to leave and has no job. */
  void drained(NodeJob node) {
    history.toldToLeave(node);
  }

  /**
   * What the sizer would do.
   *
   * @param submitted nodes that are not in the queue yet, by name
   */
  PoolDecision decide(Map<NodeId, NodeKind> submitted, Instant now) {
    Collection<Readings.Submitted> coming = new ArrayList<>();
    submitted.forEach(
        (node, kind) -> coming.add(new Readings.Submitted(node, kind.vocShape(), now)));
    return SizingPass.of(
            new Readings(
                new Readings.Definitions(prototypes(), Set.of()),
                DemandReading.complete(assigned.groups()),
                new Readings.Nodes(nodeJobs, new SlotReading.Known(now, slots), coming, history),
                Readings.Hindrances.NONE,
                limits,
                now))
        .decision();
  }
}
