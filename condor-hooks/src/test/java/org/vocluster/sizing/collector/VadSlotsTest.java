package org.vocluster.sizing.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;

class VadSlotsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static final String PARTITIONABLE =
      """
      Activity = "Idle"
      Cpus = 1
      Disk = 2000000
      Memory = 1398
      PartitionableSlot = true
      State = "Unclaimed"
      TotalSlotCpus = 2
      TotalSlotDisk = 3000000
      TotalSlotMemory = 1910
      Voc = "cms"
      VocDeathTime = 1800000100
      VocNode = "cms-t7cep97m"
      """;

  private static final String DYNAMIC =
      """
      Activity = "Busy"
      Cpus = 1
      Disk = 1000000
      Memory = 512
      State = "Claimed"
      Voc = "cms"
      VocNode = "cms-t7cep97m"
      """;

  @Test
  void partitionableSlotOffersWhatIsLeftAndShowsTheWhole() {
    NodeSlot slot = slots(PARTITIONABLE).getFirst();
    assertEquals(new Resources(1, 1398, 2_000_000, 0), slot.free());
    assertEquals(new Resources(2, 1910, 3_000_000, 0), slot.whole());
    assertFalse(slot.claimed());
    assertTrue(slot.takesJobs(NOW));
    assertFalse(slot.takesJobs(NOW.plusSeconds(100)));
  }

  @Test
  void busySlotOffersNothingAndAClaimBetweenJobsOffersItself() {
    List<NodeSlot> slots = slots(DYNAMIC + "\n" + DYNAMIC.replace("Busy", "Idle") + "\n");
    assertEquals(Resources.NONE, slots.get(0).free());
    assertTrue(slots.get(0).claimed());
    assertEquals(new Resources(1, 512, 1_000_000, 0), slots.get(1).free());
  }

  @Test
  void drainingSlotTakesNoJobs() {
    NodeSlot slot = slots(PARTITIONABLE.replace("Unclaimed", "Drained")).getFirst();
    assertFalse(slot.takesJobs(NOW));
  }

  @Test
  void emptyPoolIsKnownToBeEmpty() {
    assertEquals(List.of(), slots(""));
    assertEquals(List.of(), slots("\n"));
  }

  @Test
  void slotThatNamesNoNodeIsPassedOver() {
    assertEquals(List.of(), slots("Voc = \"cms\"\nCpus = 1\n"));
  }

  @Test
  void answerThatIsNoAdIsUnknown() {
    assertInstanceOf(SlotReading.Unknown.class, VadSlots.read("Voc = (\n", NOW));
  }

  private static List<NodeSlot> slots(String longForm) {
    return assertInstanceOf(SlotReading.Known.class, VadSlots.read(longForm, NOW)).slots();
  }
}
