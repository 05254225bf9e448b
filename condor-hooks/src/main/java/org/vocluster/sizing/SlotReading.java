package org.vocluster.sizing;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the collector said about the slots of nodes. */
sealed interface SlotReading {
  /**
   * An answer.
   *
   * @param asked when the collector was asked
   * @param sightings what the ads of each node say about its times; no decision rests on it
   */
  record Known(Instant asked, List<NodeSlot> slots, Map<String, NodeSighting> sightings)
      implements SlotReading {
    public Known {
      slots = List.copyOf(slots);
      sightings = Map.copyOf(sightings);
    }

    /** One that says nothing about times. */
    Known(Instant asked, List<NodeSlot> slots) {
      this(asked, slots, Map.of());
    }
  }

  /** No answer, or one that makes no sense. */
  record Unknown(String why) implements SlotReading {}
}
