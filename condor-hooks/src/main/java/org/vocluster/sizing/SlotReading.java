package org.vocluster.sizing;

import java.time.Instant;
import java.util.List;

/** What the collector said about the slots of nodes. */
sealed interface SlotReading {
  /**
   * An answer.
   *
   * @param asked when the collector was asked
   */
  record Known(Instant asked, List<NodeSlot> slots) implements SlotReading {
    public Known {
      slots = List.copyOf(slots);
    }
  }

  /** No answer, or one that makes no sense. */
  record Unknown(String why) implements SlotReading {}
}
