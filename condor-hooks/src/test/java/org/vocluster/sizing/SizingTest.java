package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.sizing.Decision.Verdict;

class SizingTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Resources NODE = new Resources(4, 4096, 10_485_760, 0);
  private static final SizingLimits LIMITS = SizingLimits.DEFAULT;

  /** One-cpu jobs; a node takes four of them. */
  @ParameterizedTest
  @CsvSource({
    // jobs joined-free booting queued submitted min max | submit remove verdict
    "0,  0, 0, 0, 0, 0, 10,   0, 0, ENOUGH",
    "1,  0, 0, 0, 0, 0, 10,   1, 0, SUBMIT",
    "4,  0, 0, 0, 0, 0, 10,   1, 0, SUBMIT",
    "5,  0, 0, 0, 0, 0, 10,   2, 0, SUBMIT",
    "5,  1, 0, 0, 0, 0, 10,   1, 0, SUBMIT",
    "4,  1, 0, 0, 0, 0, 10,   0, 0, ENOUGH",
    "4,  0, 1, 0, 0, 0, 10,   0, 0, ENOUGH",
    "4,  0, 0, 1, 0, 0, 10,   0, 0, ENOUGH",
    "4,  0, 0, 0, 1, 0, 10,   0, 0, ENOUGH",
    "4,  0, 0, 2, 0, 0, 10,   0, 1, REMOVE",
    "0,  0, 0, 3, 0, 0, 10,   0, 3, REMOVE",
    "0,  0, 0, 3, 0, 2, 10,   0, 1, REMOVE",
    "0,  2, 0, 3, 0, 2, 10,   0, 3, REMOVE",
    "0,  0, 0, 0, 0, 2, 10,   2, 0, SUBMIT",
    "0,  0, 1, 0, 0, 2, 10,   1, 0, SUBMIT",
    "80, 0, 0, 0, 0, 0, 10,  10, 0, SUBMIT",
    "80, 0, 4, 4, 0, 0, 10,   2, 0, SUBMIT",
    "80, 0, 5, 5, 0, 0, 10,   0, 0, MAXIMUM",
    "80, 0, 5, 7, 0, 0, 10,   0, 2, MAXIMUM",
    "8,  0, 0, 9, 0, 0, 3,    0, 7, REMOVE",
    "800,0, 0, 0, 0, 0, 500, 100, 0, SUBMIT",
    "1,  0, 0, 0, 0, 0, 0,    0, 0, MAXIMUM",
  })
  void demandAndSupplyDecide(
      int jobs,
      int joined,
      int booting,
      int queued,
      int submitted,
      int min,
      int max,
      int submit,
      int remove,
      Verdict verdict) {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), jobs, new JobId(1, 0)));
    situation.ready.addAll(Collections.nCopies(joined, NODE));
    situation.booting = booting;
    situation.queued.addAll(nodeJobs(queued, JobStatus.IDLE, ""));
    situation.submitted = submitted;
    situation.min = min;
    situation.max = max;
    Decision decision = Sizing.decide(situation.build(), LIMITS, NOW);
    assertEquals(submit, submitted(decision), decision.reason());
    assertEquals(remove, removed(decision).size(), decision.reason());
    assertEquals(verdict, decision.verdict(), decision.reason());
  }

  @Test
  void smallJobsFillWhatLargeOnesLeave() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 2, new JobId(1, 0)));
    situation.demand.add(group(new Resources(3, 128, 1024, 0), 2, new JobId(2, 0)));
    assertEquals(2, submitted(Sizing.decide(situation.build(), LIMITS, NOW)));
  }

  @Test
  void memoryLimitsHowManyJobsANodeTakes() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 2048, 1024, 0), 6, new JobId(1, 0)));
    assertEquals(3, submitted(Sizing.decide(situation.build(), LIMITS, NOW)));
  }

  @Test
  void nodeWithoutRoomForTheJobDoesNotCount() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(2, 128, 1024, 0), 1, new JobId(1, 0)));
    situation.ready.add(new Resources(1, 4096, 10_485_760, 0));
    assertEquals(1, submitted(Sizing.decide(situation.build(), LIMITS, NOW)));
  }

  @Test
  void nodeJobQueuedAMomentAgoIsNotRemovedYet() {
    Situation situation = new Situation();
    situation.queued.add(nodeJob(1, JobStatus.IDLE, "", NOW.minusSeconds(3)));
    assertEquals(List.of(), Sizing.decide(situation.build(), LIMITS, NOW).actions());
  }

  @Test
  void youngestSurplusNodeJobGoesFirst() {
    Situation situation = new Situation();
    situation.queued.addAll(nodeJobs(3, JobStatus.IDLE, ""));
    situation.min = 2;
    List<NodeJob> removed = removed(Sizing.decide(situation.build(), LIMITS, NOW));
    assertEquals(List.of(new JobId(3, 0)), removed.stream().map(NodeJob::id).toList());
  }

  @Test
  void queuedNodeJobOfAnOldDefinitionIsReplaced() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 1, new JobId(1, 0)));
    situation.obsolete.addAll(nodeJobs(1, JobStatus.IDLE, ""));
    Decision decision = Sizing.decide(situation.build(), LIMITS, NOW);
    assertEquals(1, submitted(decision));
    assertEquals(1, removed(decision).size());
  }

  @Test
  void nodeThatDidNotJoinInTimeIsGivenUpAndReplaced() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 1, new JobId(1, 0)));
    situation.overdue.addAll(nodeJobs(1, JobStatus.RUNNING, ""));
    Decision decision = Sizing.decide(situation.build(), LIMITS, NOW);
    assertEquals(1, removed(decision).size());
    assertEquals(1, submitted(decision));
    situation.demand.clear();
    assertEquals(
        "no idle job, 1 node (1 overdue): removing 1 node, 1 of them because it never joined the pool",
        Sizing.decide(situation.build(), LIMITS, NOW).reason());
  }

  @Test
  void heldNodeJobStopsSubmissionAndItsReasonIsQuoted() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 9, new JobId(1, 0)));
    situation.held.addAll(nodeJobs(1, JobStatus.HELD, "image digest differs"));
    Decision decision = Sizing.decide(situation.build(), LIMITS, NOW);
    assertEquals(Verdict.HELD, decision.verdict());
    assertEquals(List.of(), decision.actions());
    assertEquals(
        "9 idle jobs, 0 nodes, 3 missing, but 1 node job is on hold (1.0: image digest differs);"
            + " mend that, then condor_release or condor_rm 1.0",
        decision.reason());
  }

  @Test
  void obstacleStopsSubmission() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 1, new JobId(1, 0)));
    situation.obstacle = Optional.of("there is no key");
    Decision decision = Sizing.decide(situation.build(), LIMITS, NOW);
    assertEquals(Verdict.BLOCKED, decision.verdict());
    assertEquals("1 idle job, 0 nodes, 1 missing, but there is no key", decision.reason());
  }

  @Test
  void failuresPauseSubmissionThenOneNodeProbes() {
    Situation situation = new Situation();
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 40, new JobId(1, 0)));
    situation.setback = Optional.of(new Setback(3, NOW, "3 nodes ended without joining"));
    Decision paused = Sizing.decide(situation.build(), LIMITS, NOW.plusSeconds(20));
    assertEquals(Verdict.PAUSED, paused.verdict());
    assertEquals(
        "40 idle jobs, 0 nodes, 10 missing, but 3 nodes ended without joining; next attempt in 40 s",
        paused.reason());
    assertEquals(1, submitted(Sizing.decide(situation.build(), LIMITS, NOW.plusSeconds(60))));
    situation.booting = 1;
    Decision probing = Sizing.decide(situation.build(), LIMITS, NOW.plusSeconds(70));
    assertEquals(Verdict.PAUSED, probing.verdict());
    assertEquals(List.of(), probing.actions());
  }

  @Test
  void unknownSlotsStopRemovalAndBoundSubmission() {
    Situation situation = new Situation();
    situation.slotsKnown = false;
    situation.queued.addAll(nodeJobs(2, JobStatus.IDLE, ""));
    assertEquals(
        Decision.nothing(
            Verdict.UNKNOWN, "no idle job, 2 nodes (2 queued); the collector's answer is unknown"),
        Sizing.decide(situation.build(), LIMITS, NOW));
    situation.demand.add(group(new Resources(1, 128, 1024, 0), 400, new JobId(1, 0)));
    assertEquals(2, submitted(Sizing.decide(situation.build(), LIMITS, NOW)));
    situation.booting = 2;
    assertEquals(Verdict.UNKNOWN, Sizing.decide(situation.build(), LIMITS, NOW).verdict());
  }

  @Test
  void neverAboveMaximumNeverMoreThanDemandAndFixedPointIsReached() {
    Random random = new Random(20261123);
    for (int round = 0; round < 2000; round++) {
      Situation situation = randomSituation(random);
      VocSituation before = situation.build();
      Decision decision = Sizing.decide(before, LIMITS, NOW);
      int submit = submitted(decision);
      assertTrue(submit == 0 || before.nodes() + submit <= before.maxNodes(), decision.reason());
      assertTrue(submit <= Math.max(before.demandJobs(), before.minNodes()), decision.reason());
      assertTrue(before.queued().containsAll(removed(decision)), decision.reason());
      situation.submitted += submit;
      situation.queued.removeAll(removed(decision));
      for (int pass = 0; pass < 10 && submitted(decision) > 0; pass++) {
        decision = Sizing.decide(situation.build(), LIMITS, NOW);
        situation.submitted += submitted(decision);
        situation.queued.removeAll(removed(decision));
      }
      assertEquals(
          List.of(), Sizing.decide(situation.build(), LIMITS, NOW).actions(), decision.reason());
    }
  }

  @Test
  void moreOfTheSameDemandNeverMeansFewerNodes() {
    Random random = new Random(4711);
    for (int round = 0; round < 500; round++) {
      Situation situation = randomSituation(random);
      if (situation.demand.isEmpty()) {
        continue;
      }
      situation.queued.clear();
      DemandGroup only = situation.demand.getFirst();
      int last = 0;
      for (int jobs = 1; jobs < 40; jobs++) {
        situation.demand.clear();
        situation.demand.add(group(only.candidates().getFirst().request(), jobs, only.example()));
        int submit = submitted(Sizing.decide(situation.build(), LIMITS, NOW));
        assertTrue(submit >= last, jobs + " jobs");
        last = submit;
      }
    }
  }

  private static Situation randomSituation(Random random) {
    Situation situation = new Situation();
    for (int i = random.nextInt(4); i > 0; i--) {
      Resources request =
          new Resources(1 + random.nextInt(4), 128L * (1 + random.nextInt(32)), 1024, 0);
      situation.demand.add(group(request, 1 + random.nextInt(50), new JobId(i, 0)));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      situation.ready.add(
          new Resources(random.nextInt(5), 128L * random.nextInt(33), 10_485_760, 0));
    }
    situation.booting = random.nextInt(4);
    situation.queued.addAll(nodeJobs(random.nextInt(6), JobStatus.IDLE, ""));
    situation.submitted = random.nextInt(3);
    situation.max = random.nextInt(20);
    situation.min = random.nextInt(situation.max + 1);
    return situation;
  }

  private static List<NodeJob> nodeJobs(int count, JobStatus status, String holdReason) {
    List<NodeJob> result = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      result.add(nodeJob(i, status, holdReason, NOW.minusSeconds(60)));
    }
    return result;
  }

  private static DemandGroup group(Resources request, int jobs, JobId example) {
    return new DemandGroup("cms", jobs, example, List.of(new Candidate("cms", "default", request)));
  }

  private static NodeJob nodeJob(int cluster, JobStatus status, String holdReason, Instant since) {
    ANodeJob job = ANodeJob.of("cms", cluster);
    return (status == JobStatus.HELD ? job.held(holdReason) : job.status(status))
        .since(since)
        .build();
  }

  private static int submitted(Decision decision) {
    return decision.actions().stream()
        .mapToInt(action -> action instanceof Action.Submit submit ? submit.nodes() : 0)
        .sum();
  }

  private static List<NodeJob> removed(Decision decision) {
    return decision.actions().stream()
        .flatMap(action -> action instanceof Action.Remove remove ? remove.nodes().stream() : null)
        .toList();
  }

  /** A situation in the making. */
  private static final class Situation {
    final List<DemandGroup> demand = new ArrayList<>();
    final List<Resources> ready = new ArrayList<>();
    final List<NodeJob> queued = new ArrayList<>();
    final List<NodeJob> obsolete = new ArrayList<>();
    final List<NodeJob> overdue = new ArrayList<>();
    final List<NodeJob> held = new ArrayList<>();
    int booting;
    int submitted;
    int min;
    int max = 10;
    boolean slotsKnown = true;
    Optional<Setback> setback = Optional.empty();
    Optional<String> obstacle = Optional.empty();

    VocSituation build() {
      return new VocSituation(
          "cms",
          NODE,
          min,
          max,
          demand,
          ready,
          booting,
          queued,
          submitted,
          obsolete,
          overdue,
          0,
          held,
          slotsKnown,
          setback,
          obstacle);
    }
  }
}
