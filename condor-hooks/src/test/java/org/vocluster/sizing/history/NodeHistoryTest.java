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
  void nodeJobThatAnAdministratorRemovesIsNoFailure() {
    history.saw(List.of(ANodeJob.of("cms", 1).build(), running("cms-2", "pad1")), NOW);
    assertEquals(
        "removed: via condor_rm (by user root)",
        history.ended(removed("cms-1", "", "via condor_rm (by user root)"), expected, NOW).what());
    for (String words :
        List.of("via condor_rm (by user condor)", "night work (by user ops@site)")) {
      history.saw(List.of(running("cms-2", "pad1")), NOW);
      history.ended(removed("cms-2", "pad1", words), expected, NOW);
    }
    assertEquals(List.of(), failures());
  }

  @Test
  void nodeJobThatAPolicyRemovesIsAFailureInItsWords() {
    String policy =
        "The system macro SYSTEM_PERIODIC_REMOVE expression 'VocNodeJob' evaluated to TRUE";
    history.saw(List.of(ANodeJob.of("cms", 1).build()), NOW);
    NodeHistory.End end = history.ended(removed("cms-1", "", policy), expected, NOW);
    assertEquals("removed: " + policy, end.what());
    assertTrue(end.fault().startsWith("node cms-1 was removed: " + policy + " ("), end.fault());
    Breaker breaker = history.breakers().all().getFirst();
    assertEquals(Failure.BY_POLICY, breaker.failure());
    assertEquals(Scope.VOC, breaker.scope());
    assertEquals(1, breaker.times());

    NodeJob next = running("cms-2", "pad1", NOW.plusSeconds(20));
    history.saw(List.of(next), NOW.plusSeconds(20));
    look(next, true, NOW.plusSeconds(60));
    history.ended(removed("cms-2", "pad1", "too long on this site"), expected, NOW.plusSeconds(90));
    breaker = history.breakers().all().getFirst();
    assertEquals(2, breaker.times(), "joining does not show that a policy lets nodes live");
    assertTrue(breaker.what().contains("too long on this site"), breaker.what());

    next = running("cms-3", "pad1", NOW.plusSeconds(200));
    history.saw(List.of(next), NOW.plusSeconds(200));
    look(next, true, NOW.plusSeconds(230));
    assertEquals(List.of(Failure.BY_POLICY), failures());
    look(next, true, NOW.plusSeconds(230).plus(NodeHistory.EARLY));
    assertEquals(List.of(), failures(), "a node that lives does");
  }

  @Test
  void nodeThatStartedBeforeAPolicyRemovedAnotherDoesNotExcuseIt() {
    NodeJob old = running("cms-1", "pad1");
    history.saw(List.of(old, running("cms-2", "pad2")), NOW);
    look(old, true, NOW.plusSeconds(20));
    history.ended(removed("cms-2", "pad2", "site policy"), expected, NOW.plusSeconds(30));
    look(old, true, NOW.plusSeconds(20).plus(NodeHistory.EARLY));
    assertEquals(List.of(Failure.BY_POLICY), failures());
  }

  @Test
  void removalByTheAccountItselfIsNeitherAnOrderNorAnAdministrators() {
    for (String words :
        List.of(
            "voc-size: no job needs them any more (by user voc-cms)",
            "voc-size: no job needs them any more",
            "via condor_rm (by user root) (by user voc-cms)",
            "via condor_rm (by user voc-cms@site)",
            "(by user root) says the policy",
            "")) {
      NodeHistory fresh = new NodeHistory();
      fresh.saw(List.of(), NOW.minusSeconds(3600));
      fresh.saw(List.of(running("cms-1", "pad1")), NOW);
      fresh.ended(removed("cms-1", "pad1", words), expected, NOW.plusSeconds(9));
      assertEquals(
          List.of(Failure.BY_POLICY),
          fresh.breakers().all().stream().map(Breaker::failure).toList(),
          words);
    }
  }

  @Test
  void removalThatSizingOrderedIsKnownAlsoAfterARestart() {
    NodeJob node = running("cms-1", "pad1");
    String words = "voc-size: no job needs them any more (by user voc-cms)";
    history.saw(List.of(node), NOW);
    history.toldToLeave(node);
    history.ended(removed("cms-1", "pad1", words), expected, NOW.plusSeconds(500));
    assertEquals(List.of(), failures());

    NodeHistory restarted = new NodeHistory();
    restarted.saw(List.of(node), NOW);
    restarted.ended(removed("cms-1", "pad1", words), expected, NOW.plusSeconds(20));
    assertEquals(List.of(), restarted.breakers().all());
  }

  @Test
  void nodeThatStaysAfterAllIsNotExcused() {
    NodeJob node = running("cms-1", "pad1");
    history.saw(List.of(node), NOW);
    history.toldToLeave(node);
    history.stays(node);
    history.ended(removed("cms-1", "pad1", "site policy"), expected, NOW.plusSeconds(500));
    assertEquals(List.of(Failure.BY_POLICY), failures());
  }

  @Test
  void nodeJobThatItsOwnAgeRemovesIsNoFailure() {
    history.saw(List.of(ANodeJob.of("cms", 1).build(), running("cms-2", "pad1")), NOW);
    history.ended(removed("cms-1", "", Removal.WAITED_TOO_LONG), expected, NOW);
    history.ended(removed("cms-2", "pad1", Removal.LIVED_TOO_LONG), expected, NOW);
    assertEquals(List.of(), failures());
  }

  @Test
  void hugeAndUnprintableWordsOfAPolicyAreBounded() {
    history.saw(List.of(ANodeJob.of("cms", 1).build()), NOW);
    NodeHistory.End end = history.ended(removed("cms-1", "", "a\nb".repeat(10_000)), expected, NOW);
    assertTrue(end.fault().length() < 2_000, "fault of " + end.fault().length());
    assertTrue(end.what().length() < 2_000, "what of " + end.what().length());
    assertFalse(end.fault().contains("\n"));
  }

  @Test
  void nodeJobOnHoldIsAFailureOfItsHostOrDefinition() {
    history.saw(List.of(running("cms-1", "pad1")), NOW);
    List<NodeHistory.End> ends =
        history.saw(List.of(held("cms-1", "pad1", 6, "no such user")), NOW.plusSeconds(5));
    assertEquals("put on hold: no such user", ends.getFirst().what());
    assertEquals(List.of(Failure.HELD), failures());
    assertTrue(ends.getFirst().fault().startsWith("node cms-1 on pad1 was put on hold: no such"));
    assertEquals(
        List.of(),
        history.saw(List.of(held("cms-1", "pad1", 6, "no such user")), NOW.plusSeconds(6)),
        "once");
    NodeJob released = ANodeJob.of("cms", 1).ran(new NodeJob.Run("pad1", 1, 0, "", "")).build();
    assertEquals(List.of(), history.saw(List.of(released), NOW.plusSeconds(7)));
    history.saw(List.of(held("cms-1", "pad1", 6, "again")), NOW.plusSeconds(8));
    Breaker breaker = history.breakers().all().getFirst();
    assertEquals(2, breaker.times());
    assertTrue(breaker.what().contains("put on hold: again"), breaker.what());
  }

  @Test
  void hostWhereHeldNodeJobsRanIsBlamedIfTheImageWorksElsewhere() {
    NodeJob good = running("cms-1", "pad1");
    history.saw(List.of(good, running("cms-2", "pad2")), NOW);
    look(good, true, NOW);
    history.saw(List.of(good, held("cms-2", "pad2", 34, "out of memory")), NOW.plusSeconds(5));
    Breaker breaker = history.breakers().all().getFirst();
    assertEquals(Scope.HOST, breaker.scope());
    assertEquals("pad2", breaker.key());
  }

  @Test
  void policyThatHoldsNodeJobsIsNoHostsFault() {
    for (int code : List.of(3, 5, 26, 27)) {
      NodeHistory fresh = new NodeHistory();
      NodeJob good = running("cms-1", "pad1");
      fresh.saw(List.of(), NOW);
      fresh.saw(List.of(good, running("cms-2", "pad2")), NOW);
      fresh.sawSlots(List.of(slot("cms-1", true)), Map.of(CMS_1, good), NOW);
      fresh.saw(List.of(good, held("cms-2", "pad2", code, "site policy")), NOW.plusSeconds(5));
      Breaker breaker = fresh.breakers().all().getFirst();
      assertEquals(Scope.VOC, breaker.scope());
      assertEquals(Failure.BY_POLICY, breaker.failure());
    }
  }

  @Test
  void nodeJobThatAnAdministratorHoldsIsNoFailureAndTheAccountsOwnHoldIs() {
    history.saw(List.of(running("cms-1", "pad1")), NOW);
    NodeHistory.End end =
        history
            .saw(List.of(held("cms-1", "pad1", 1, "via condor_hold (by user root)")), NOW)
            .getFirst();
    assertEquals("put on hold: via condor_hold (by user root)", end.what());
    assertEquals(List.of(), failures());
    history.ended(removed("cms-1", "pad1", "site policy for held jobs"), expected, NOW);
    assertEquals(List.of(), failures(), "what a policy does to held jobs is no failure of nodes");

    history.saw(List.of(running("cms-2", "pad1")), NOW);
    history.saw(List.of(held("cms-2", "pad1", 1, "x (by user root) (by user voc-cms)")), NOW);
    assertEquals(List.of(Failure.BY_POLICY), failures());
  }

  @Test
  void nodeJobsHeldBeforeThisProcessLookedAreNoNews() {
    NodeHistory fresh = new NodeHistory();
    assertEquals(List.of(), fresh.saw(List.of(held("cms-1", "pad1", 6, "old")), NOW));
    assertEquals(List.of(), fresh.breakers().all());
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
    return running(node, host, NOW);
  }

  private static NodeJob running(String node, String host, Instant since) {
    return ANodeJob.of("cms", 1).node(node).running(host).since(since).build();
  }

  private static NodeJob removed(String node, String host, String reason) {
    return ANodeJob.of("cms", 1)
        .node(node)
        .status(JobStatus.REMOVED)
        .ran(new NodeJob.Run(host, host.isEmpty() ? 0 : 1, 0, "", reason))
        .build();
  }

  private static NodeJob held(String node, String host, int code, String reason) {
    return ANodeJob.of("cms", 1).node(node).running(host).held(code, reason).build();
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
