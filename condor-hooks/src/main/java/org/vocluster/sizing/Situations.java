package org.vocluster.sizing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.vm.VocDefinition;

/**
 * Puts together, for each VOC, what its decision rests on. Pure.
 *
 * @param nodeJobs the node jobs in the queue
 * @param slots what the collector last said; {@link SlotReading.Unknown} too if that is too old
 * @param submitted names of the nodes submitted a moment ago, by definition
 */
record Situations(
    List<NodeJob> nodeJobs,
    SlotReading slots,
    Map<String, Set<String>> submitted,
    NodeHistory history,
    SizingLimits limits,
    Instant now) {

  VocSituation of(
      NodePrototype prototype,
      List<DemandGroup> demand,
      Optional<Setback> setback,
      Optional<String> obstacle) {
    VocDefinition definition = prototype.definition();
    String voc = definition.name().value();
    String digest = definition.nodeDigest(prototype.shape()).value();
    Map<String, List<NodeSlot>> slotsOf = slotsByNode();

    List<Resources> ready = new ArrayList<>();
    List<NodeJob> queued = new ArrayList<>();
    List<NodeJob> obsolete = new ArrayList<>();
    List<NodeJob> held = new ArrayList<>();
    List<NodeJob> overdue = new ArrayList<>();
    Set<String> unseen = new HashSet<>(submitted.getOrDefault(voc, Set.of()));
    int booting = 0;
    int leaving = 0;
    boolean anyRuns = false;
    for (NodeJob node : nodeJobs) {
      if (!node.voc().equals(voc) || !node.vo().equals(definition.vo().value())) {
        continue;
      }
      unseen.remove(node.node());
      boolean current = node.definition().equals(digest);
      if (node.isQueued()) {
        (current ? queued : obsolete).add(node);
      } else if (node.isHeld()) {
        (current ? held : obsolete).add(node);
      } else if (node.isRunning()) {
        anyRuns = true;
        List<NodeSlot> own = slotsOf.getOrDefault(node.node(), List.of());
        if (!own.isEmpty() && own.stream().allMatch(slot -> slot.takesJobs(now))) {
          ready.add(own.stream().map(NodeSlot::free).reduce(Resources.NONE, Resources::plus));
        } else if (own.isEmpty() && !history.hasJoined(node.node())) {
          boolean late =
              Instant.ofEpochSecond(node.since()).plus(limits.bootWithin()).isBefore(now);
          if (late && slots instanceof SlotReading.Known) {
            overdue.add(node);
          } else {
            booting++;
          }
        } else if (own.isEmpty() && slots instanceof SlotReading.Unknown) {
          // Whatever it runs, it counts as free: an unknown node is no reason for another one.
          ready.add(prototype.offers());
        } else {
          leaving++;
        }
      }
    }
    return new VocSituation(
        voc,
        prototype.offers(),
        definition.minNodes(),
        definition.maxNodes(),
        demand,
        ready,
        booting,
        queued,
        unseen.size(),
        obsolete,
        overdue,
        leaving,
        held,
        !anyRuns || slots instanceof SlotReading.Known,
        setback,
        obstacle);
  }

  /** What an empty node of this definition has shown to offer, if one has joined. */
  static Optional<Resources> shown(
      NodePrototype prototype, List<NodeJob> nodeJobs, SlotReading slots) {
    if (!(slots instanceof SlotReading.Known known)) {
      return Optional.empty();
    }
    VocDefinition definition = prototype.definition();
    String digest = definition.nodeDigest(prototype.shape()).value();
    Set<String> current = new HashSet<>();
    for (NodeJob node : nodeJobs) {
      if (node.voc().equals(definition.name().value()) && node.definition().equals(digest)) {
        current.add(node.node());
      }
    }
    return known.slots().stream()
        .filter(slot -> current.contains(slot.node()) && slot.whole().cpus() > 0)
        .map(NodeSlot::whole)
        .findFirst();
  }

  /** Queued node jobs of definitions that are registered no more. */
  static List<NodeJob> unregistered(List<NodeJob> nodeJobs, Set<String> registered) {
    return nodeJobs.stream()
        .filter(node -> !registered.contains(node.voc()))
        .filter(node -> node.isQueued() || node.isHeld())
        .toList();
  }

  private Map<String, List<NodeSlot>> slotsByNode() {
    Map<String, List<NodeSlot>> result = new HashMap<>();
    if (slots instanceof SlotReading.Known known) {
      for (NodeSlot slot : known.slots()) {
        result.computeIfAbsent(slot.node(), n -> new ArrayList<>()).add(slot);
      }
    }
    return result;
  }
}
