package org.vocluster.sizing.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.sizing.decision.APool.NODE;
import static org.vocluster.sizing.decision.APool.NOW;
import static org.vocluster.sizing.decision.APool.drained;
import static org.vocluster.sizing.decision.APool.removed;
import static org.vocluster.sizing.decision.APool.submitted;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.Decision.Verdict;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocName;

class SizingTest {
  private final APool pool = new APool();

  private static Decision of(PoolDecision decision, String voc) {
    return Objects.requireNonNull(decision.vocs().get(new VocName(voc)));
  }

  /** One-cpu jobs; a node takes four of them. */
  @ParameterizedTest
  @CsvSource({
    // jobs joined booting queued submitted min max spare ramp | submit remove drain verdict
    "0,   0, 0, 0, 0,  0, 10, 0, 99,   0, 0, 0, ENOUGH",
    "1,   0, 0, 0, 0,  0, 10, 0, 99,   1, 0, 0, SUBMIT",
    "4,   0, 0, 0, 0,  0, 10, 0, 99,   1, 0, 0, SUBMIT",
    "5,   0, 0, 0, 0,  0, 10, 0, 99,   2, 0, 0, SUBMIT",
    "5,   1, 0, 0, 0,  0, 10, 0, 99,   1, 0, 0, SUBMIT",
    "4,   1, 0, 0, 0,  0, 10, 0, 99,   0, 0, 0, ENOUGH",
    "4,   0, 1, 0, 0,  0, 10, 0, 99,   0, 0, 0, ENOUGH",
    "4,   0, 0, 1, 0,  0, 10, 0, 99,   0, 0, 0, ENOUGH",
    "4,   0, 0, 0, 1,  0, 10, 0, 99,   0, 0, 0, ENOUGH",
    "4,   0, 0, 2, 0,  0, 10, 0, 99,   0, 1, 0, REMOVE",
    "0,   0, 0, 3, 0,  0, 10, 0, 99,   0, 3, 0, REMOVE",
    "0,   0, 0, 3, 0,  2, 10, 0, 99,   0, 1, 0, REMOVE",
    "0,   2, 0, 3, 0,  2, 10, 0, 99,   0, 3, 0, REMOVE",
    "0,   3, 0, 0, 0,  2, 10, 0, 99,   0, 0, 1, REMOVE",
    "0,   0, 0, 0, 0,  2, 10, 0, 99,   2, 0, 0, SUBMIT",
    "0,   0, 1, 0, 0,  2, 10, 0, 99,   1, 0, 0, SUBMIT",
    "80,  0, 0, 0, 0,  0, 10, 0, 99,  10, 0, 0, SUBMIT",
    "80,  0, 4, 4, 0,  0, 10, 0, 99,   2, 0, 0, SUBMIT",
    "80,  0, 5, 5, 0,  0, 10, 0, 99,   0, 0, 0, MAXIMUM",
    "80,  0, 5, 7, 0,  0, 10, 0, 99,   0, 2, 0, MAXIMUM",
    "80, 12, 0, 0, 0,  0, 10, 0, 99,   0, 0, 2, MAXIMUM",
    "8,   0, 0, 9, 0,  0,  3, 0, 99,   0, 7, 0, REMOVE",
    "800, 0, 0, 0, 0,  0,500, 0, 99,  99, 0, 0, SUBMIT",
    "1,   0, 0, 0, 0,  0,  0, 0, 99,   0, 0, 0, MAXIMUM",
    // spares
    "0,   0, 0, 0, 0,  0, 10, 2, 99,   2, 0, 0, SUBMIT",
    "4,   0, 0, 0, 0,  0, 10, 1, 99,   2, 0, 0, SUBMIT",
    "4,   2, 0, 0, 0,  0, 10, 1, 99,   0, 0, 0, ENOUGH",
    "4,   1, 0, 0, 0,  0, 10, 1, 99,   1, 0, 0, SUBMIT",
    "0,   3, 0, 0, 0,  0, 10, 1, 99,   0, 0, 2, REMOVE",
    "0,   1, 0, 2, 0,  0, 10, 1, 99,   0, 2, 0, REMOVE",
    "0,   0, 0, 0, 0,  3, 10, 1, 99,   3, 0, 0, SUBMIT",
    "40,  0, 0, 0, 0,  0, 10, 5, 99,  10, 0, 0, SUBMIT",
    // ramp
    "80,  0, 0, 0, 0,  0, 10, 0,  3,   3, 0, 0, SUBMIT",
    "80,  0, 1, 1, 0,  0, 10, 0,  3,   1, 0, 0, SUBMIT",
    "80,  0, 2, 1, 0,  0, 10, 0,  3,   0, 0, 0, RAMP",
    "80,  5, 0, 0, 0,  0, 10, 0,  3,   3, 0, 0, SUBMIT",
  })
  void demandAndSupplyDecide(
      int jobs,
      int joined,
      int booting,
      int queued,
      int submitted,
      int min,
      int max,
      int spare,
      int ramp,
      int submit,
      int remove,
      int drain,
      Verdict verdict) {
    APool.Voc cms = pool.jobs("cms", jobs).voc("cms").limits(min, max);
    cms.spare = spare;
    cms.ramp = ramp;
    cms.nodes(joined, Stage.READY)
        .nodes(booting, Stage.BOOTING)
        .nodes(queued, Stage.QUEUED)
        .nodes(submitted, Stage.SUBMITTED);
    PoolDecision decision = pool.decide();
    Decision voc = of(decision, "cms");
    assertEquals(submit, submitted(decision), voc.reason());
    assertEquals(remove, removed(decision).size(), voc.reason());
    assertEquals(drain, drained(decision).size(), voc.reason());
    assertEquals(verdict, voc.verdict(), voc.reason());
  }

  @Test
  void smallJobsFillWhatLargeOnesLeave() {
    pool.voc("cms");
    pool.jobs("cms", 2).jobs(2, new Resources(3, 128, 1024, 0), "cms/default");
    assertEquals(2, submitted(pool.decide()));
  }

  @Test
  void memoryDiskAndGpusLimitHowManyJobsANodeTakes() {
    pool.voc("cms").shape("default", new Resources(16, 4096, 4096, 2)).limits(0, 100);
    pool.jobs(6, new Resources(1, 2048, 0, 0), "cms/default");
    assertEquals(3, submitted(pool.decide()));
    pool.demand.clear();
    pool.jobs(6, new Resources(1, 0, 1024, 0), "cms/default");
    assertEquals(2, submitted(pool.decide()));
    pool.demand.clear();
    pool.jobs(6, new Resources(1, 0, 0, 1), "cms/default");
    assertEquals(3, submitted(pool.decide()));
  }

  @Test
  void partlyFreeNodeTakesWhatFits() {
    APool.Voc cms = pool.voc("cms");
    cms.busy(new Resources(1, 4096, 10_485_760, 0));
    pool.jobs(1, new Resources(2, 128, 1024, 0), "cms/default");
    assertEquals(1, submitted(pool.decide()));
    pool.demand.clear();
    pool.jobs("cms", 1);
    assertEquals(0, submitted(pool.decide()));
  }

  @Test
  void smallestShapeThatTakesAJobIsChosenAndShapesAreMixed() {
    pool.voc("cms", "i")
        .shape("small", new Resources(1, 1900, 100_000, 0))
        .shape("gpu", new Resources(8, 16_000, 100_000, 1));
    pool.jobs(3, new Resources(1, 128, 1024, 0), "cms/small", "cms/gpu");
    pool.jobs(2, new Resources(1, 128, 1024, 1), "cms/gpu");
    assertEquals(
        List.of("2 gpu"), // what the GPU jobs leave of their nodes takes the others
        submits(pool.decide()));
    pool.demand.clear();
    pool.jobs(3, new Resources(1, 128, 1024, 0), "cms/small", "cms/gpu");
    assertEquals(List.of("3 small"), submits(pool.decide()));
    pool.jobs(9, new Resources(8, 128, 1024, 0), "cms/gpu");
    assertEquals(List.of("9 gpu", "1 small"), submits(pool.decide()));
  }

  private static List<String> submits(PoolDecision decision) {
    return decision.actions().stream()
        .map(a -> a instanceof Action.Submit s ? s.nodes() + " " + s.kind().shape() : a.toString())
        .toList();
  }

  @Test
  void whatOneVocMayNotTakeGoesToTheNextOfTheVo() {
    pool.voc("a").limits(0, 2);
    pool.voc("b").limits(0, 10);
    pool.jobs(20, new Resources(1, 128, 1024, 0), "a/default", "b/default");
    PoolDecision decision = pool.decide();
    assertEquals(2, submitted(decision, "a"));
    assertEquals(3, submitted(decision, "b"));
    assertEquals(
        "20 idle jobs (12 of them left to other VOCs), 0 nodes, 2 missing: submitting 2 nodes",
        of(decision, "a").reason());
  }

  @Test
  void aPaceSendsNoJobToAnotherVoc() {
    pool.voc("a").ramp = 1;
    pool.voc("b");
    pool.jobs(20, new Resources(1, 128, 1024, 0), "a/default", "b/default");
    PoolDecision decision = pool.decide();
    assertEquals(1, submitted(decision, "a"));
    assertEquals(0, submitted(decision, "b"));
  }

  @Test
  void freeNodesOfAnyCandidateComeBeforeNewOnes() {
    pool.voc("a");
    pool.voc("b").nodes(1, Stage.READY);
    pool.jobs(4, new Resources(1, 128, 1024, 0), "a/default", "b/default");
    assertEquals(List.of(), pool.decide().actions());
  }

  @Test
  void poolWideMaximumGoesToWhoHasLeast() {
    pool.limits = SizingLimits.DEFAULT.withMaxNodes(10);
    pool.voc("a").limits(0, 99).nodes(4, Stage.BOOTING);
    pool.voc("b").limits(0, 99);
    pool.voc("c").limits(0, 99);
    pool.jobs("a", 100).jobs("b", 100).jobs("c", 4);
    PoolDecision decision = pool.decide();
    assertEquals(1, submitted(decision, "a"));
    assertEquals(4, submitted(decision, "b"));
    assertEquals(1, submitted(decision, "c"));
    assertTrue(
        of(decision, "b").reason().endsWith(", what VOC_MAX_NODES 10 leaves"),
        of(decision, "b").reason());
    pool.carryOut(decision);
    assertEquals(
        "100 idle jobs, 4 nodes (4 queued), 21 missing, but all VOCs together have 10 of"
            + " VOC_MAX_NODES 10",
        of(pool.decide(), "b").reason());
  }

  @Test
  void nodeJobQueuedAMomentAgoIsNotRemovedYet() {
    APool.Voc cms = pool.voc("cms");
    cms.add(Stage.QUEUED, "default", true, NODE, false, 3);
    assertEquals(List.of(), pool.decide().actions());
  }

  @Test
  void youngestSurplusNodeJobThatNeverRanGoesFirst() {
    APool.Voc cms = pool.voc("cms").limits(1, 10).nodes(3, Stage.QUEUED);
    NodeSupply third = cms.nodes.removeLast();
    NodeJob ran =
        ANodeJob.of("cms", 3)
            .definition(cms.definition())
            .since(NOW.minusSeconds(1000))
            .ran(new NodeJob.Run("pad1", 1, 0, "", ""))
            .build();
    cms.nodes.add(
        new NodeSupply(
            third.node(),
            ShapeName.DEFAULT,
            Stage.QUEUED,
            true,
            false,
            new NodeSupply.Room(NODE),
            Optional.empty(),
            Optional.of(ran)));
    assertEquals(List.of("cms-2", "cms-1"), removed(pool.decide()));
  }

  @Test
  void removalsAreCapped() {
    pool.limits = SizingLimits.DEFAULT.withMaxRemovals(3);
    pool.voc("a").nodes(2, Stage.QUEUED);
    pool.voc("b").nodes(9, Stage.QUEUED);
    assertEquals(3, removed(pool.decide()).size());
  }

  @Test
  void nodesOfAnOldDefinitionAreReplacedButNotUnderAJob() {
    APool.Voc cms = pool.jobs("cms", 1).voc("cms");
    NodeSupply queued = cms.node(Stage.QUEUED, "default", false);
    NodeSupply unclaimed = cms.node(Stage.READY, "default", false);
    cms.add(Stage.READY, "default", false, Resources.NONE, true, 1000);
    cms.node(Stage.BOOTING, "default", false);
    PoolDecision decision = pool.decide();
    assertEquals(1, submitted(decision));
    assertEquals(List.of(queued.node().value()), removed(decision));
    assertEquals(List.of(unclaimed.node().value()), drained(decision));
  }

  @Test
  void queuedNodeThatRanBeforeGoesAtOnceAndAFreshOneStaysAWhile() {
    APool.Voc cms = pool.voc("cms");
    cms.add(Stage.QUEUED, "default", true, NODE, false, 1);
    NodeSupply returned = cms.returned();
    assertEquals(List.of(returned.node().value()), removed(pool.decide()));
  }

  @Test
  void queuedNodeStaysUntilTheJobThatAFreeNodeMayTakeHasStarted() {
    APool.Voc cms = pool.jobs("cms", 4).voc("cms");
    cms.nodes(1, Stage.READY).nodes(1, Stage.QUEUED);
    assertEquals(List.of(), removed(pool.decide()));
    pool.demand.clear();
    assertEquals(1, removed(pool.decide()).size());
  }

  @Test
  void nodeThatDidNotJoinInTimeIsGivenUpBeforeAnotherIsTried() {
    APool.Voc cms = pool.jobs("cms", 1).voc("cms");
    NodeSupply late = cms.node(Stage.OVERDUE);
    PoolDecision decision = pool.decide();
    assertEquals(List.of(late.node().value()), removed(decision));
    assertEquals(0, submitted(decision));
    assertEquals(Verdict.PAUSED, of(decision, "cms").verdict());
    pool.demand.clear();
    assertEquals(
        "no idle job, 1 node (1 overdue): removing 1 node, never joined the pool",
        of(pool.decide(), "cms").reason());
  }

  @Test
  void lostNodeIsRemovedAndHoldsUpNoOther() {
    APool.Voc cms = pool.jobs("cms", 1).voc("cms");
    NodeSupply lost = cms.node(Stage.LOST);
    PoolDecision decision = pool.decide();
    assertEquals(List.of(lost.node().value()), removed(decision));
    assertEquals(1, submitted(decision));
  }

  @Test
  void unneededNodeStaysForItsIdleTimeAndItsMinimumLifetime() {
    APool.Voc cms = pool.voc("cms").limits(1, 10);
    cms.nodes(1, Stage.READY);
    NodeSupply second = cms.add(Stage.READY, "default", true, NODE, false, 299);
    assertEquals(List.of("cms-1"), drained(pool.decide()));
    cms.minimumLifetime = Duration.ofSeconds(1001);
    assertEquals(List.of(), drained(pool.decide()));
    cms.minimumLifetime = Duration.ZERO;
    cms.idle = Duration.ofSeconds(1001);
    assertEquals(List.of(), drained(pool.decide()));
    cms.idle = Duration.ofSeconds(100);
    assertEquals(List.of("cms-1"), drained(pool.decide()));
    cms.leavesByItself = true;
    assertEquals(List.of(), drained(pool.decide()));
    assertEquals("cms-2", second.node().value());
  }

  @Test
  void nodeThatTakesNoMoreJobsIsToldToLeaveAndReplacedAtTheMinimum() {
    APool.Voc cms = pool.voc("cms").limits(1, 10);
    cms.node(Stage.LEAVING);
    PoolDecision decision = pool.decide();
    assertEquals(List.of("cms-1"), drained(decision));
    assertEquals(1, submitted(decision));
  }

  @Test
  void nodesOfAnUnregisteredVocAreRemovedIfQueuedAndToldToLeaveIfUnclaimed() {
    APool.Voc gone = pool.voc("gone");
    gone.nodes(1, Stage.QUEUED).nodes(1, Stage.READY).nodes(1, Stage.BOOTING);
    gone.busy(Resources.NONE);
    pool.strays.addAll(gone.nodes);
    pool.vocs.clear();
    PoolDecision decision = pool.decide();
    assertEquals(List.of("gone-1"), removed(decision));
    assertEquals(List.of("gone-2"), drained(decision));
  }

  @Test
  void secondNodeJobWithTheSameNodeIsRemoved() {
    pool.voc("cms");
    pool.doubles.add(ANodeJob.of("cms", 9).node("cms-1").build());
    assertEquals(List.of("cms-1"), removed(pool.decide()));
  }

  @Test
  void heldNodeJobsStopSubmissionOnlyIfTheyAreAllThereIs() {
    APool.Voc cms = pool.jobs("cms", 9).voc("cms");
    cms.add(Stage.HELD, "default", true, NODE, false, 100);
    PoolDecision decision = pool.decide();
    assertEquals(List.of(), decision.actions());
    assertEquals(Verdict.HELD, of(decision, "cms").verdict());
    String words =
        "1 node job is on hold (1.0: image digest differs);"
            + " mend that, then condor_release or condor_rm 1.0,"
            + " which sizing removes at "
            + APool.NOW.plusSeconds(500);
    assertEquals("9 idle jobs, 0 nodes, 3 missing, but " + words, of(decision, "cms").reason());
    for (Stage stage : List.of(Stage.QUEUED, Stage.BOOTING, Stage.SUBMITTED, Stage.READY)) {
      NodeSupply other = cms.node(stage);
      decision = pool.decide();
      assertEquals(2, submitted(decision), stage.toString());
      assertTrue(of(decision, "cms").reason().endsWith("; " + words), of(decision, "cms").reason());
      cms.nodes.remove(other);
    }
    cms.node(Stage.LOST);
    assertEquals(
        Verdict.HELD, of(pool.decide(), "cms").verdict(), "a lost node is no sign of life");
  }

  @Test
  void nodeJobHeldForLongIsRemovedWithItsReasonAndNotBefore() {
    APool.Voc cms = pool.jobs("cms", 1).voc("cms");
    cms.add(Stage.HELD, "default", true, NODE, false, 599);
    assertEquals(List.of(), removed(pool.decide()));
    cms.nodes.clear();
    cms.add(Stage.HELD, "default", true, NODE, false, 600);
    cms.add(Stage.HELD, "default", true, NODE, false, 900);
    PoolDecision decision = pool.decide();
    assertEquals(List.of("cms-3", "cms-2"), removed(decision));
    assertEquals(
        List.of("on hold for 600 s: image digest differs"),
        decision.actions().stream().map(Action::why).toList());
  }

  @Test
  void nodeWithTooLittleTimeIsNoSupplyForLongJobs() {
    APool.Voc cms = pool.voc("cms");
    cms.seconds = 3600;
    cms.nodes(2, Stage.READY);
    cms.seconds = 7199;
    cms.nodes(1, Stage.BOOTING);
    pool.jobSeconds = 7200;
    pool.jobs("cms", 8);
    assertEquals(2, submitted(pool.decide()), "four jobs take one node");
    cms.seconds = 7200;
    cms.nodes(1, Stage.READY);
    assertEquals(1, submitted(pool.decide()));
    pool.jobSeconds = 0;
    pool.jobs("cms", 4);
    assertEquals(1, submitted(pool.decide()), "what says nothing takes nodes that die soon");
    pool.jobSeconds = 3600;
    pool.jobs("cms", 4);
    assertEquals(1, submitted(pool.decide()));
  }

  @Test
  void longJobsArePlacedBeforeShortOnesOfTheSameSize() {
    APool.Voc cms = pool.voc("cms");
    cms.seconds = 7200;
    cms.nodes(1, Stage.READY);
    cms.seconds = 60;
    cms.nodes(1, Stage.READY);
    pool.jobSeconds = 30;
    pool.jobs("cms", 4);
    pool.jobSeconds = 7200;
    pool.jobs("cms", 4);
    assertEquals(0, submitted(pool.decide()));
  }

  @Test
  void nodesLeaveRoomForTheirJobsAmongWhatTheScheddRuns() {
    APool.Voc cms = pool.jobs("cms", 1000).voc("cms").limits(0, 1000);
    pool.schedd = new ScheddRoom(100, 0, Integer.MAX_VALUE);
    PoolDecision decision = pool.decide();
    assertEquals(20, submitted(decision), "with four jobs each they make 100");
    assertEquals(
        "1000 idle jobs, 0 nodes, 250 missing: submitting 20 nodes and no more: MAX_JOBS_RUNNING of"
            + " this schedd is 100, of which 100 are left, and each node needs one for itself and"
            + " one for each of its jobs",
        of(decision, "cms").reason());
    cms.nodes(20, Stage.QUEUED);
    assertEquals(0, submitted(pool.decide()), "what is queued counts, with its jobs");
    cms.nodes.clear();
    pool.schedd = new ScheddRoom(100, 97, Integer.MAX_VALUE);
    assertEquals(1, submitted(pool.decide()), "one that cannot be filled is better than none");
    pool.schedd = new ScheddRoom(100, 99, Integer.MAX_VALUE);
    decision = pool.decide();
    assertEquals(0, submitted(decision));
    assertEquals(Verdict.MAXIMUM, of(decision, "cms").verdict());
    assertTrue(of(decision, "cms").reason().contains("MAX_JOBS_RUNNING"), "said");
    assertTrue(decision.placements().getFirst().why().contains("MAX_JOBS_RUNNING"), "said");
    pool.schedd = new ScheddRoom(0, 0, Integer.MAX_VALUE);
    assertEquals(0, submitted(pool.decide()));
    pool.schedd = new ScheddRoom(100, 0, Integer.MAX_VALUE);
    for (int i = 0; i < 20; i++) {
      cms.busy(Resources.NONE);
    }
    assertEquals(16, submitted(pool.decide()), "nodes that run count before the schedd says so");
  }

  @Test
  void jobsInNodesThatExistAreServedBeforeNewNodes() {
    APool.Voc cms = pool.jobs("cms", 10).voc("cms");
    cms.nodes(2, Stage.READY);
    pool.schedd = new ScheddRoom(10, 2, Integer.MAX_VALUE);
    assertEquals(0, submitted(pool.decide()), "8 jobs fill both nodes and the schedd");
    pool.schedd = new ScheddRoom(13, 2, Integer.MAX_VALUE);
    assertEquals(1, submitted(pool.decide()));
  }

  @Test
  void nodesThatAreKeptAreBoundByTheScheddToo() {
    pool.voc("cms").limits(8, 10);
    pool.schedd = new ScheddRoom(10, 0, Integer.MAX_VALUE);
    assertEquals(5, submitted(pool.decide()));
  }

  @Test
  void noMoreNodeJobsThanTheirAccountMayHaveInTheQueue() {
    APool.Voc cms = pool.jobs("cms", 100).voc("cms");
    cms.nodes(2, Stage.READY).nodes(1, Stage.HELD);
    pool.schedd = new ScheddRoom(Integer.MAX_VALUE, 0, 5);
    PoolDecision decision = pool.decide();
    assertEquals(2, submitted(decision));
    assertTrue(
        of(decision, "cms").reason().contains("MAX_JOBS_PER_OWNER of this schedd is 5"),
        of(decision, "cms").reason());
    pool.schedd = new ScheddRoom(Integer.MAX_VALUE, 0, 2);
    assertEquals(0, submitted(pool.decide()));
  }

  @Test
  void obstacleStopsSubmissionAndSaysWhatJobsWaitFor() {
    pool.jobs("cms", 1).voc("cms").obstacle = Optional.of("there is no key");
    PoolDecision decision = pool.decide();
    assertEquals(Verdict.BLOCKED, of(decision, "cms").verdict());
    assertEquals(
        "1 idle job, 0 nodes, 1 missing, but there is no key", of(decision, "cms").reason());
    assertEquals("cms: there is no key", decision.placements().getFirst().why());
    assertEquals(1, decision.placements().getFirst().waiting());
  }

  @Test
  void sizerThatStandsByRemovesWhatItQueuedAndSubmitsNothing() {
    APool.Voc cms = pool.jobs("cms", 100).voc("cms").nodes(2, Stage.QUEUED);
    cms.nodes(1, Stage.READY);
    cms.standby = Optional.of("standing by: the sizer of ap0 serves this VOC");
    PoolDecision decision = pool.decide();
    assertEquals(Verdict.STANDBY, of(decision, "cms").verdict());
    assertEquals(List.of("cms-2", "cms-1"), removed(decision));
    assertEquals(List.of(), drained(decision));
    assertEquals(0, submitted(decision));
  }

  @Test
  void nodesInAnotherSchedulersQueueAreSupplyAndNotTouched() {
    APool.Voc cms = pool.voc("cms");
    NodeSupply queued = cms.node(Stage.QUEUED);
    NodeJob job = queued.job().orElseThrow();
    cms.nodes.set(
        0,
        new NodeSupply(
            queued.node(),
            ShapeName.DEFAULT,
            Stage.QUEUED,
            true,
            false,
            new NodeSupply.Room(NODE),
            Optional.empty(),
            Optional.of(
                new NodeJob(job.id(), "ap2", job.owner(), job.spec(), job.state(), job.run()))));
    assertEquals(List.of(), pool.decide().actions());
    pool.jobs("cms", 4);
    assertEquals(List.of(), pool.decide().actions());
  }

  @Test
  void unknownSlotsStopRemovalAndBoundSubmission() {
    APool.Voc cms = pool.voc("cms").nodes(2, Stage.QUEUED);
    cms.slotsKnown = false;
    PoolDecision decision = pool.decide();
    assertEquals(List.of(), decision.actions());
    assertEquals(
        "no idle job, 2 nodes (2 queued); the collector's answer is unknown",
        of(decision, "cms").reason());
    pool.jobs("cms", 400);
    assertEquals(2, submitted(pool.decide()));
    cms.nodes(2, Stage.BOOTING);
    assertEquals(Verdict.UNKNOWN, of(pool.decide(), "cms").verdict());
    assertEquals(List.of(), pool.decide().actions());
  }

  @Test
  void whileAnotherQueueIsUnknownNothingIsTakenForUnneeded() {
    APool.Voc cms = pool.voc("cms").limits(0, 3).nodes(5, Stage.QUEUED);
    cms.nodes(1, Stage.READY);
    pool.queuesUnknown = "schedd ap2 gives no answer";
    PoolDecision decision = pool.decide();
    assertEquals(3, removed(decision).size(), "above the maximum");
    assertEquals(List.of(), drained(decision));
    assertTrue(
        of(decision, "cms").reason().contains("; schedd ap2 gives no answer"),
        of(decision, "cms").reason());
  }

  // --- breakers

  @Test
  void openBreakerStopsSubmissionAndQueuedNodesThenOneProbes() {
    APool.Voc cms = pool.jobs("cms", 36).voc("cms").nodes(3, Stage.QUEUED);
    pool.breaker(Breaker.Scope.VOC, "cms", "cms", 3, 20);
    PoolDecision paused = pool.decide();
    assertEquals(Verdict.PAUSED, of(paused, "cms").verdict());
    assertEquals(3, removed(paused).size());
    assertTrue(
        of(paused, "cms")
            .reason()
            .startsWith(
                "36 idle jobs, 3 nodes (3 queued), 6 missing, but nodes failed; next attempt at"
                    + " 2027-01-15T08:00:40Z"),
        of(paused, "cms").reason());
    pool.carryOut(paused);
    pool.breakers.clear();
    pool.breaker(Breaker.Scope.VOC, "cms", "cms", 3, 60);
    PoolDecision probe = pool.decide();
    assertEquals(1, submitted(probe));
    pool.carryOut(probe);
    assertEquals(List.of(), pool.decide().actions());
    assertEquals(Verdict.PAUSED, of(pool.decide(), "cms").verdict());
    cms.nodes.clear();
    cms.nodes(1, Stage.BOOTING);
    assertEquals(List.of(), pool.decide().actions());
    pool.breakers.clear();
    assertEquals(8, submitted(pool.decide()));
  }

  @Test
  void ofQueuedNodesOneStaysAsTheProbe() {
    pool.jobs("cms", 36).voc("cms").nodes(3, Stage.QUEUED);
    pool.breaker(Breaker.Scope.VOC, "cms", "cms", 3, 60);
    assertEquals(List.of("cms-3", "cms-2"), removed(pool.decide()));
  }

  @Test
  void doubtfulImageIsProbedByOneNodeOfAllVocs() {
    pool.voc("a", "same").shape("default", NODE);
    pool.voc("b", "same").shape("default", NODE);
    pool.voc("c", "other").shape("default", NODE);
    pool.jobs("b", 9).jobs("a", 9).jobs("c", 9);
    pool.breaker(Breaker.Scope.IMAGE, "same", "a", 1, 20);
    PoolDecision decision = pool.decide();
    assertEquals(1, submitted(decision, "a") + submitted(decision, "b"));
    assertEquals(3, submitted(decision, "c"));
    pool.carryOut(decision);
    assertEquals(List.of(), pool.decide().actions());
  }

  @Test
  void imageIsNotProbedForAVocWithoutDemand() {
    pool.voc("a", "same").shape("default", NODE);
    pool.voc("b", "same").shape("default", NODE);
    pool.jobs("b", 9).breaker(Breaker.Scope.IMAGE, "same", "a", 1, 20);
    assertEquals(1, submitted(pool.decide(), "b"));
  }

  @Test
  void mendedDefinitionDoesNotWaitForTheOldOnesBreaker() {
    APool.Voc cms = pool.jobs("cms", 9).voc("cms");
    pool.breakers.add(
        new Breaker(
            new Breaker.Cause(Breaker.Scope.VOC, "cms", Breaker.Failure.NEVER_JOINED),
            new VocName("cms"),
            "an older definition",
            5,
            NOW,
            "nodes failed"));
    assertEquals(3, submitted(pool.decide()));
    pool.breakers.clear();
    pool.breakers.add(
        new Breaker(
            new Breaker.Cause(
                Breaker.Scope.IMAGE,
                APool.keyText(Breaker.Scope.IMAGE, cms.image),
                Breaker.Failure.NEVER_JOINED),
            new VocName("cms"),
            "an older definition",
            5,
            NOW,
            "nodes failed"));
    assertEquals(1, submitted(pool.decide()), "the same image with another machine: one probe");
  }

  @Test
  void jobsOfAVocWhoseImageFailsGoToAnotherVoc() {
    pool.voc("a");
    pool.voc("b");
    pool.jobs(8, new Resources(1, 128, 1024, 0), "a/default", "b/default");
    pool.breaker(Breaker.Scope.IMAGE, "image of a", "a", 1, 1);
    PoolDecision decision = pool.decide();
    assertEquals(0, submitted(decision, "a"));
    assertEquals(2, submitted(decision, "b"));
  }

  @Test
  void failingHostIsAvoidedAndThenProbedByOneNode() {
    APool.Voc cms = pool.jobs("cms", 12).voc("cms").nodes(3, Stage.QUEUED);
    pool.breaker(Breaker.Scope.HOST, "pad9", "cms", 1, 5);
    PoolDecision open = pool.decide();
    assertEquals(Set.of("pad9"), open.avoidedHosts());
    assertEquals(List.of("[pad9] for 3"), avoids(open));
    pool.breakers.clear();
    pool.breaker(Breaker.Scope.HOST, "pad9", "cms", 1, 30);
    assertEquals(List.of("[pad9] for 2"), avoids(pool.decide()), "one may try");
    cms.add(Stage.BOOTING, "default", true, NODE, false, 5);
    NodeJob there = ANodeJob.of("cms", 77).running("pad9").build();
    cms.nodes.set(
        3,
        new NodeSupply(
            new NodeId("cms-77"),
            ShapeName.DEFAULT,
            Stage.BOOTING,
            true,
            false,
            new NodeSupply.Room(NODE),
            Optional.empty(),
            Optional.of(there)));
    assertEquals(List.of("[pad9] for 3"), avoids(pool.decide()), "one tries");
  }

  private static List<String> avoids(PoolDecision decision) {
    return decision.actions().stream()
        .filter(Action.Avoid.class::isInstance)
        .map(Action.Avoid.class::cast)
        .map(a -> a.hosts() + " for " + a.nodes().size())
        .toList();
  }
}
