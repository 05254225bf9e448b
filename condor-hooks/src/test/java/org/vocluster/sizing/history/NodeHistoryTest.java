package org.vocluster.sizing.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.history.Breaker.Failure;
import org.vocluster.sizing.history.Breaker.Scope;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.vm.definition.NodeId;

class NodeHistoryTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final NodeId CMS_1 = new NodeId("cms-1");

  private final NodeHistory history = new NodeHistory();
  private Expectations expected = new Expectations(() -> true, Duration.ofSeconds(60));

  @BeforeEach
  void queueWasReadBefore() {
    history.saw(List.of(), NOW);
  }

  @Test
  void nodeThatEndsWithoutJoiningIsAFailure() {
    history.saw(List.of(running("cms-1", "pad1")), NOW);
    NodeHistory.End end = history.ended(completed("cms-1", "pad1"), expected, NOW.plusSeconds(9));
    assertEquals("ended by itself", end.what());
    assertTrue(
        end.fault().startsWith("node cms-1 on pad1 ended without joining the pool (node job 1.0;"),
        end.fault());
    assertTrue(
        end.fault().contains("kept on that host, as cms-1.log in VOC_CONSOLE_DIR"), end.fault());
    assertEquals(List.of(Failure.NEVER_JOINED), failures());
  }

  @Test
  void failureOfANodeSaysWhatItsConsoleEndsWith() {
    NodeJob node = running("cms-1", "pad1");
    history.saw(List.of(node), NOW);
    history.gaveUp(node);
    history.sawConsole(CMS_1, "its console ends with \"panic\" (/log/cms-1.log)");
    history.sawConsole(new NodeId("cms-9"), "of a node that is gone already");
    NodeHistory.End end =
        history.ended(
            ANodeJob.of("cms", 1).running("pad1").status(JobStatus.REMOVED).build(), expected, NOW);
    assertTrue(
        end.fault().contains("; its console ends with \"panic\" (/log/cms-1.log); look at"),
        end.fault());
  }

  @Test
  void nodeGivenUpBecauseItDidNotJoinIsAFailure() {
    NodeJob node = running("cms-1", "pad1");
    history.saw(List.of(node), NOW);
    history.gaveUp(node);
    NodeHistory.End end =
        history.ended(
            ANodeJob.of("cms", 1).running("pad1").status(JobStatus.REMOVED).build(), expected, NOW);
    assertEquals("removed: it did not join the pool in time", end.what());
    assertEquals(List.of(Failure.NEVER_JOINED), failures());
  }

  @Test
  void nodeThatJoinedAfterItWasGivenUpIsNone() {
    NodeJob node = running("cms-1", "pad1");
    history.saw(List.of(node), NOW);
    history.gaveUp(node);
    look(node, true, NOW);
    look(node, false, NOW.plusSeconds(400));
    NodeHistory.End end = history.ended(completed("cms-1", "pad1"), expected, NOW.plusSeconds(500));
    assertEquals("ended by itself", end.what());
    assertEquals(List.of(), failures());
  }

  @Test
  void nodeThatLeavesWithoutAJobIsAFailureOnlyWhileJobsWait() {
    expected = new Expectations(() -> false, Duration.ofSeconds(60));
    liveAndLeave("cms-1", false, 100);
    expected = new Expectations(() -> true, Duration.ofSeconds(60));
    liveAndLeave("cms-2", true, 100);
    assertEquals(List.of(), failures());
    liveAndLeave("cms-3", false, 100);
    assertEquals(List.of(Failure.RAN_NOTHING), failures());
    look(running("cms-4", "pad1"), true, NOW);
    assertEquals(List.of(), failures(), "a node that runs a job ends it");
  }

  @Test
  void secondNodeThatDiesSoonAfterJoiningIsAFailure() {
    for (String name : List.of("cms-1", "cms-2")) {
      NodeJob node = running(name, "pad1");
      history.saw(List.of(node), NOW);
      look(node, true, NOW.plusSeconds(20));
      NodeHistory.End end = history.ended(completed(name, "pad1"), expected, NOW.plusSeconds(60));
      assertTrue(end.fault().contains("died under a job soon after joining"), end.fault());
    }
    assertEquals(List.of(Failure.DIED_EARLY), failures());
  }

  @Test
  void unclaimedNodeThatDiesBeforeItsIdleTimeIsAFailureToo() {
    liveAndLeave("cms-1", false, 10);
    liveAndLeave("cms-2", false, 10);
    assertEquals(List.of(Failure.DIED_EARLY), failures());
  }

  @Test
  void nodeLastSeenWithAJobMayHaveLeftByItselfSince() {
    for (String name : List.of("cms-1", "cms-2", "cms-3")) {
      NodeJob node = running(name, "pad1");
      history.saw(List.of(node), NOW);
      look(node, true, NOW);
      history.ended(completed(name, "pad1"), expected, NOW.plusSeconds(61));
    }
    assertEquals(List.of(), failures());
  }

  @Test
  void idlenessThatWasSeenLateIsNoEarlyDeath() {
    liveAndLeave("cms-1", true, 30);
    liveAndLeave("cms-2", true, 30);
    assertEquals(List.of(), failures());
  }

  @Test
  void nodeThatDiesLateOrIsToldToIsNone() {
    NodeJob old = running("cms-1", "pad1");
    history.saw(List.of(old), NOW);
    look(old, true, NOW);
    look(old, true, NOW.plus(NodeHistory.EARLY));
    history.ended(completed("cms-1", "pad1"), expected, NOW.plus(NodeHistory.EARLY));
    NodeJob told = running("cms-2", "pad1");
    history.saw(List.of(told), NOW);
    look(told, false, NOW);
    history.toldToLeave(told);
    history.ended(completed("cms-2", "pad1"), expected, NOW.plusSeconds(1));
    assertEquals(List.of(), failures());
  }

  @Test
  void nodeJobRemovedByHandOrNeverStartedIsNoFailure() {
    history.saw(List.of(ANodeJob.of("cms", 1).build(), running("cms-2", "pad1")), NOW);
    NodeHistory.End end =
        history.ended(
            ANodeJob.of("cms", 1)
                .status(JobStatus.REMOVED)
                .ran(new NodeJob.Run("", 0, 0, "", "via condor_rm (by user root)"))
                .build(),
            expected,
            NOW);
    assertEquals("removed: via condor_rm (by user root)", end.what());
    history.ended(
        ANodeJob.of("cms", 2).running("pad1").status(JobStatus.REMOVED).build(), expected, NOW);
    assertEquals(List.of(), failures());
  }

  @Test
  void hostThatGivesTheNodeJobBackIsAtFaultEvenIfNobodySawItRun() {
    history.saw(List.of(ANodeJob.of("cms", 1).build()), NOW);
    NodeJob.Run refused = new NodeJob.Run("pad1", 1, 19, "voc: pad1: no KVM", "");
    List<NodeHistory.End> ends =
        history.saw(List.of(ANodeJob.of("cms", 1).ran(refused).build()), NOW.plusSeconds(1));
    assertEquals(1, ends.size());
    assertEquals("returned to the queue: voc: pad1: no KVM", ends.getFirst().what());
    Breaker breaker = history.breakers().all().getFirst();
    assertEquals(Scope.HOST, breaker.scope());
    assertEquals("pad1", breaker.key());
    assertEquals(
        List.of(),
        history.saw(List.of(ANodeJob.of("cms", 1).ran(refused).build()), NOW.plusSeconds(2)));
  }

  @Test
  void preemptedNodeStartsAfreshAndIsNoFailure() {
    NodeJob node = running("cms-1", "pad1");
    history.saw(List.of(node), NOW);
    look(node, true, NOW);
    assertTrue(history.hasJoined(CMS_1));
    NodeJob back = ANodeJob.of("cms", 1).ran(new NodeJob.Run("pad1", 1, 0, "", "")).build();
    assertEquals(
        "returned to the queue: preempted or lost",
        history.saw(List.of(back), NOW).getFirst().what());
    assertFalse(history.hasJoined(CMS_1));
    assertEquals(List.of(), failures());
  }

  @Test
  void ofNodesThatRanBeforeThisProcessNothingIsInferred() {
    NodeHistory fresh = new NodeHistory();
    NodeJob node = running("cms-1", "pad1");
    fresh.saw(List.of(node), NOW);
    fresh.sawSlots(List.of(slot("cms-1", false)), Map.of(CMS_1, node), NOW);
    assertTrue(fresh.hasJoined(CMS_1));
    fresh.ended(completed("cms-1", "pad1"), expected, NOW.plusSeconds(1));
    assertEquals(List.of(), fresh.breakers().all());
  }

  @Test
  void idlenessBeginsWhenNoSlotIsClaimed() {
    NodeJob node = running("cms-1", "pad1");
    look(node, false, NOW);
    assertEquals(Optional.of(NOW), history.idleSince(CMS_1));
    look(node, true, NOW.plusSeconds(5));
    assertEquals(Optional.empty(), history.idleSince(CMS_1));
    look(node, false, NOW.plusSeconds(9));
    look(node, false, NOW.plusSeconds(20));
    assertEquals(Optional.of(NOW.plusSeconds(9)), history.idleSince(CMS_1));
  }

  private void liveAndLeave(String name, boolean works, long idleSeconds) {
    NodeJob node = running(name, "pad1");
    history.saw(List.of(node), NOW);
    look(node, works, NOW);
    look(node, false, NOW.plusSeconds(10));
    history.ended(completed(name, "pad1"), expected, NOW.plusSeconds(10 + idleSeconds));
  }

  private void look(NodeJob node, boolean claimed, Instant now) {
    history.sawSlots(List.of(slot(node.node().value(), claimed)), Map.of(node.node(), node), now);
  }

  private List<Failure> failures() {
    return history.breakers().all().stream().map(Breaker::failure).toList();
  }

  private static NodeJob running(String node, String host) {
    return ANodeJob.of("cms", 1).node(node).running(host).since(NOW).build();
  }

  private static NodeJob completed(String node, String host) {
    return ANodeJob.of("cms", 1).node(node).running(host).status(JobStatus.COMPLETED).build();
  }

  private static NodeSlot slot(String node, boolean claimed) {
    return new NodeSlot(
        new NodeId(node),
        AKind.of("cms/default"),
        Resources.NONE,
        claimed,
        Resources.NONE,
        Instant.MAX,
        false);
  }
}
