package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeHistoryTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private final NodeHistory history = new NodeHistory();

  @Test
  void nodesThatNeverJoinPauseLongerEachTime() {
    history.ended(node("cms-1", JobStatus.COMPLETED), true, NOW);
    assertEquals(Duration.ofSeconds(15), history.setback("cms").orElseThrow().pause());
    history.ended(node("cms-2", JobStatus.COMPLETED), true, NOW.plusSeconds(60));
    Setback setback = history.setback("cms").orElseThrow();
    assertEquals(Duration.ofSeconds(30), setback.pause());
    assertTrue(
        setback
            .what()
            .startsWith("2 nodes in a row, the last cms-2, ended without joining the pool"),
        setback.what());
    for (int i = 0; i < 20; i++) {
      history.ended(node("cms-3", JobStatus.COMPLETED), true, NOW);
    }
    assertEquals(Duration.ofMinutes(15), history.setback("cms").orElseThrow().pause());
    assertEquals(Optional.empty(), history.setback("atlas"));
  }

  @Test
  void nodeThatJoinsEndsThePauseAfterFailedBoots() {
    history.ended(node("cms-1", JobStatus.COMPLETED), true, NOW);
    assertTrue(history.sawSlots(List.of(slot("cms-2", false))));
    assertEquals(Optional.empty(), history.setback("cms"));
    assertFalse(history.sawSlots(List.of(slot("cms-2", false))));
  }

  @Test
  void nodeThatLeavesWithoutAJobCountsOnlyWhileJobsWait() {
    history.sawSlots(List.of(slot("cms-1", false), slot("cms-2", false), slot("cms-3", true)));
    history.ended(node("cms-1", JobStatus.COMPLETED), false, NOW);
    history.ended(node("cms-3", JobStatus.COMPLETED), true, NOW);
    assertEquals(Optional.empty(), history.setback("cms"));
    history.ended(node("cms-2", JobStatus.COMPLETED), true, NOW);
    assertTrue(history.setback("cms").orElseThrow().what().contains("without a job"));
    history.sawSlots(List.of(slot("cms-4", true)));
    assertEquals(Optional.empty(), history.setback("cms"));
  }

  @Test
  void nodeJobRemovedByHandOrNeverStartedIsNoFailure() {
    history.ended(node("cms-1", JobStatus.IDLE), true, NOW);
    history.saw(List.of(node("cms-2", JobStatus.RUNNING)));
    history.ended(node("cms-2", JobStatus.REMOVED), true, NOW);
    assertEquals(Optional.empty(), history.setback("cms"));
  }

  @Test
  void nodeGivenUpBecauseItDidNotJoinIsAFailure() {
    NodeJob running = node("cms-1", JobStatus.RUNNING);
    history.saw(List.of(running));
    history.gaveUp(running);
    history.ended(node("cms-1", JobStatus.REMOVED), true, NOW);
    assertEquals(1, history.setback("cms").orElseThrow().times());
  }

  private static NodeJob node(String node, JobStatus status) {
    return ANodeJob.of("cms", 1).node(node).status(status).build();
  }

  private static NodeSlot slot(String node, boolean claimed) {
    return new NodeSlot(
        node, "cms", "default", Resources.NONE, claimed, Resources.NONE, Instant.MAX, false);
  }
}
