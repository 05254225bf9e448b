package org.vocluster.sizing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the collector said about the slots of nodes. */
sealed interface SlotReading {
  /**
   * An answer.
   *
   * @param asked when the collector was asked
   * @param slots all there are
   * @param byNode the same by the node's name
   */
  record Known(Instant asked, List<NodeSlot> slots, Map<String, List<NodeSlot>> byNode)
      implements SlotReading {
    Known(Instant asked, List<NodeSlot> slots) {
      this(asked, List.copyOf(slots), byNode(slots));
    }

    private static Map<String, List<NodeSlot>> byNode(List<NodeSlot> slots) {
      Map<String, List<NodeSlot>> result = HashMap.newHashMap(slots.size());
      for (NodeSlot slot : slots) {
        result.computeIfAbsent(slot.node(), n -> new ArrayList<>(2)).add(slot);
      }
      return result;
    }
  }

  /** No answer, or one that makes no sense. */
  record Unknown(String why) implements SlotReading {}
}
