package org.vocluster.sizing.reading;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.vm.definition.NodeId;

/** What the collector said about the slots of nodes. */
public sealed interface SlotReading {
  /**
   * An answer.
   *
   * @param asked when the collector was asked
   * @param slots all there are
   * @param byNode the same by the node
   * @param sightings what the ads of each node say about its times; no decision rests on it
   */
  record Known(
      Instant asked,
      List<NodeSlot> slots,
      Map<NodeId, List<NodeSlot>> byNode,
      Map<NodeId, NodeSighting> sightings)
      implements SlotReading {
    /** One that says nothing about times. */
    public Known(Instant asked, List<NodeSlot> slots) {
      this(asked, slots, Map.of());
    }

    public Known(Instant asked, List<NodeSlot> slots, Map<NodeId, NodeSighting> sightings) {
      this(asked, List.copyOf(slots), byNode(slots), Map.copyOf(sightings));
    }

    private static Map<NodeId, List<NodeSlot>> byNode(List<NodeSlot> slots) {
      Map<NodeId, List<NodeSlot>> result = HashMap.newHashMap(slots.size());
      for (NodeSlot slot : slots) {
        result.computeIfAbsent(slot.node(), n -> new ArrayList<>(2)).add(slot);
      }
      return result;
    }
  }

  /** No answer, or one that makes no sense. */
  record Unknown(String why) implements SlotReading {}
}
