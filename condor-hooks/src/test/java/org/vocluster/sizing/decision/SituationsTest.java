package org.vocluster.sizing.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.demand.DemandTest;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;

class SituationsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Resources NODE = new Resources(2, 1900, 3_000_000, 0);

  private final VocDefinition cms = DemandTest.definition("cms", "cms", 2);
  private final NodeHistory history = new NodeHistory();

  @Test
  void runningNodeBootsUntilItsSlotIsInThePool() {
    NodeJob job = node("cms-1", JobStatus.RUNNING, 0);
    assertEquals(Stage.BOOTING, only(job, known()).stage());
    joined(job);
    NodeSupply node = only(job, known(slot("cms-1")));
    assertEquals(Stage.READY, node.stage());
    assertEquals(NODE, node.free());
    assertEquals(Optional.of(NOW), node.idleSince());
    assertFalse(node.claimed());
  }

  @Test
  void nodeWhoseSlotVanishedIsLeavingAndNobodyTellsItTo() {
    NodeJob job = node("cms-1", JobStatus.RUNNING, 0);
    joined(job);
    NodeSupply node = only(job, known());
    assertEquals(Stage.LEAVING, node.stage());
    assertEquals(Optional.empty(), node.idleSince());
  }

  @Test
  void freeCapacityOfANodeIsThatOfItsSlotsTogether() {
    NodeSlot rest = slot(new Resources(1, 900, 100, 0), false, NODE, Instant.MAX, false);
    NodeSlot idleClaim =
        slot(new Resources(1, 500, 100, 0), true, Resources.NONE, Instant.MAX, false);
    NodeSupply node = only(node("cms-1", JobStatus.RUNNING, 0), known(rest, idleClaim));
    assertEquals(new Resources(2, 1400, 200, 0), node.free());
    assertTrue(node.claimed());
    assertEquals(Optional.empty(), node.idleSince());
  }

  @Test
  void nodeThatTakesJobsNoLongerThanANegotiationIsNoSupply() {
    NodeSlot dying = slot(NODE, false, NODE, NOW.plusSeconds(29), false);
    NodeSlot living = slot(NODE, false, NODE, NOW.plusSeconds(31), false);
    NodeSlot draining = slot(NODE, false, NODE, Instant.MAX, true);
    NodeJob job = node("cms-1", JobStatus.RUNNING, 0);
    assertEquals(Stage.LEAVING, only(job, known(dying)).stage());
    assertEquals(Stage.READY, only(job, known(living)).stage());
    assertEquals(Stage.LEAVING, only(job, known(draining)).stage());
  }

  @Test
  void nodeHasAsMuchTimeAsItsSlotSaysOrAsItsJobLeavesIt() {
    NodeSlot slot = slot(NODE, false, NODE, NOW.plusSeconds(4000), false);
    assertEquals(4000, only(node("cms-1", JobStatus.RUNNING, 0), known(slot)).room().seconds());
    assertEquals(
        Long.MAX_VALUE,
        only(
                node("cms-1", JobStatus.RUNNING, 0),
                known(slot(NODE, false, NODE, Instant.MAX, false)))
            .room()
            .seconds());
    assertEquals(86_100, only(node("cms-1", JobStatus.IDLE, 5000), known()).room().seconds());
    assertEquals(86_100, only(node("cms-1", JobStatus.RUNNING, 200), known()).room().seconds());
    assertEquals(85_900, only(node("cms-1", JobStatus.RUNNING, 500), known()).room().seconds());
  }

  @Test
  void whileSlotsAreUnknownAJoinedNodeCountsAsFree() {
    NodeJob job = node("cms-1", JobStatus.RUNNING, 0);
    joined(job);
    VocSituation voc = voc(List.of(job), new SlotReading.Unknown("no answer"));
    assertFalse(voc.slotsKnown());
    assertEquals(Stage.READY, voc.nodes().getFirst().stage());
    assertEquals(NODE, voc.nodes().getFirst().free());
  }

  @Test
  void collectorThatIsBackMayNotKnowAllNodesYet() {
    NodeJob job = node("cms-1", JobStatus.RUNNING, 0);
    joined(job);
    history.collectorWasSilent(NOW.minusSeconds(91));
    assertEquals(Stage.LEAVING, only(job, known()).stage());
    history.collectorWasSilent(NOW.minusSeconds(89));
    assertEquals(Stage.READY, only(job, known()).stage());
    NodeJob late = node("cms-2", JobStatus.RUNNING, 1000);
    assertEquals(Stage.BOOTING, only(late, known()).stage());
  }

  @Test
  void nodeThatVanishedAndDoesNotEndIsLostAfterTheTimeItHasToJoin() {
    NodeJob job = node("cms-1", JobStatus.RUNNING, 5000);
    joined(job);
    history.sawSlots(List.of(), Map.of(), NOW.minusSeconds(899));
    history.sawSlots(List.of(), Map.of(), NOW.minusSeconds(1));
    assertEquals(Stage.LEAVING, only(job, known()).stage());
    joined(job);
    history.sawSlots(List.of(), Map.of(), NOW.minusSeconds(901));
    assertEquals(Stage.LOST, only(job, known()).stage());
    assertEquals(Stage.READY, only(job, new SlotReading.Unknown("no answer")).stage());
    joined(job);
    assertEquals(Stage.READY, only(job, known(slot("cms-1"))).stage());
  }

  @Test
  void withoutRunningNodesThereIsNothingToAskTheCollector() {
    assertTrue(
        voc(List.of(node("cms-1", JobStatus.IDLE, 0)), new SlotReading.Unknown("not asked"))
            .slotsKnown());
  }

  @Test
  void nodeThatBootsForTooLongIsOverdueButOnlyIfTheCollectorAnswers() {
    NodeJob late = node("cms-1", JobStatus.RUNNING, 1000);
    assertEquals(Stage.OVERDUE, only(late, known()).stage());
    assertEquals(Stage.BOOTING, only(late, new SlotReading.Unknown("no answer")).stage());
  }

  @Test
  void nodeOfAnOlderDefinitionIsNotCurrent() {
    assertFalse(only(job("cms-1", JobStatus.IDLE, 0, "older"), known()).current());
    assertTrue(only(node("cms-1", JobStatus.IDLE, 0), known()).current());
  }

  @Test
  void bootingNodeOfAnOlderDefinitionIsWaitedForOnlyIfItsImageEverWorked() {
    NodeJob old = job("cms-1", JobStatus.RUNNING, 5, "older");
    assertEquals(Stage.OVERDUE, only(old, known()).stage());
    joined(job("cms-2", JobStatus.RUNNING, 50, "older"));
    assertEquals(Stage.BOOTING, only(old, known()).stage());
  }

  @Test
  void jobThatWaitsForItsFilesForMinutesIsGivenUp() {
    assertEquals(Stage.QUEUED, only(spooling(100), known()).stage());
    assertEquals(Stage.OVERDUE, only(spooling(200), known()).stage());
  }

  private NodeJob spooling(long secondsAgo) {
    NodeJob job = node("cms-1", JobStatus.HELD, secondsAgo);
    return new NodeJob(
        job.id(),
        "",
        job.owner(),
        new NodeJob.Spec(job.kind(), job.vo(), job.node(), job.definition(), job.image(), ""),
        new NodeJob.State(JobStatus.HELD, job.since(), "Spooling input data files", 16),
        job.run());
  }

  @Test
  void submittedNodeCountsUntilItIsSeen() {
    VocSituation voc =
        pool(
                List.of(node("cms-1", JobStatus.IDLE, 0)),
                known(),
                List.of(
                    submitted("cms-1", "cms/default"),
                    submitted("cms-2", "cms/default"),
                    submitted("atlas-1", "atlas/default")))
            .vocs()
            .getFirst();
    assertEquals(1, voc.count(Stage.SUBMITTED));
    assertEquals(2, voc.counted());
  }

  @Test
  void nodesOfUnregisteredVocsAreStraysAndThoseOfBrokenOnesAreLeftAlone() {
    NodeJob other = ANodeJob.of("atlas", 9).build();
    NodeJob broken = ANodeJob.of("odd", 9).build();
    PoolSituation pool = pool(List.of(other, broken), known(), List.of());
    assertEquals(0, pool.vocs().getFirst().counted());
    assertEquals(
        List.of("atlas-9"), pool.strays().stream().map(stray -> stray.node().value()).toList());
  }

  @Test
  void ofTwoNodeJobsWithOneNodeTheOldestCounts() {
    NodeJob first = ANodeJob.of("cms", 3).node("cms-x").build();
    NodeJob second = ANodeJob.of("cms", 7).node("cms-x").build();
    PoolSituation pool = pool(List.of(second, first), known(), List.of());
    assertEquals(List.of(second), pool.doubles());
    assertEquals(1, pool.vocs().getFirst().counted());
  }

  @Test
  void shownOfferIsThatOfACurrentNode() {
    NodePrototype prototype = NodePrototype.of(cms, cms.shapes().getFirst(), NODE);
    Resources whole = new Resources(2, 1800, 2_000_000, 0);
    SlotReading.Known slots =
        new SlotReading.Known(NOW, List.of(slot(whole, false, whole, Instant.MAX, false)));
    assertEquals(
        Optional.of(whole),
        Situations.shown(
            prototype, Map.of(new NodeId("cms-1"), node("cms-1", JobStatus.RUNNING, 0)), slots));
    assertEquals(
        Optional.empty(),
        Situations.shown(
            prototype,
            Map.of(new NodeId("cms-1"), job("cms-1", JobStatus.RUNNING, 0, "older")),
            slots));
  }

  private void joined(NodeJob job) {
    Map<NodeId, NodeJob> jobs = new HashMap<>();
    jobs.put(job.node(), job);
    history.sawSlots(List.of(slot(job.node().value())), jobs, NOW);
  }

  private NodeSupply only(NodeJob job, SlotReading slots) {
    List<NodeSupply> nodes = voc(List.of(job), slots).nodes();
    assertEquals(1, nodes.size());
    return nodes.getFirst();
  }

  private VocSituation voc(List<NodeJob> nodes, SlotReading slots) {
    return pool(nodes, slots, List.of()).vocs().getFirst();
  }

  private PoolSituation pool(
      List<NodeJob> nodes, SlotReading slots, List<Readings.Submitted> submitted) {
    return Situations.of(
        new Readings(
            new Readings.Definitions(
                List.of(NodePrototype.of(cms, cms.shapes().getFirst(), NODE)), Set.of("odd")),
            DemandReading.complete(List.of()),
            new Readings.Nodes(NodeJobs.of(nodes), slots, submitted, history),
            Readings.Hindrances.NONE,
            SizingLimits.DEFAULT.withBootWithin(Duration.ofMinutes(15)),
            NOW));
  }

  private static Readings.Submitted submitted(String node, String kind) {
    return new Readings.Submitted(new NodeId(node), AKind.of(kind), NOW);
  }

  private static SlotReading known(NodeSlot... slots) {
    return new SlotReading.Known(NOW, Arrays.asList(slots));
  }

  private static NodeSlot slot(String node) {
    return new NodeSlot(
        new NodeId(node), AKind.of("cms/default"), NODE, false, NODE, Instant.MAX, false);
  }

  private static NodeSlot slot(
      Resources free, boolean claimed, Resources whole, Instant until, boolean draining) {
    return new NodeSlot(
        new NodeId("cms-1"), AKind.of("cms/default"), free, claimed, whole, until, draining);
  }

  private NodeJob node(String name, JobStatus status, long secondsAgo) {
    return job(name, status, secondsAgo, cms.nodeDigest(cms.shapes().getFirst()).value());
  }

  private static NodeJob job(String name, JobStatus status, long secondsAgo, String definition) {
    return ANodeJob.of("cms", 1)
        .node(name)
        .definition(definition)
        .status(status)
        .since(NOW.minusSeconds(secondsAgo))
        .build();
  }
}
