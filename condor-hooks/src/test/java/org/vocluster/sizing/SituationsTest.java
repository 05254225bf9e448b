package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.VocDefinition;

class SituationsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Resources NODE = new Resources(2, 1900, 3_000_000, 0);

  private final VocDefinition cms = DemandTest.definition("cms", "cms", 2);
  private final NodeHistory history = new NodeHistory();

  @Test
  void runningNodeBootsUntilItsSlotIsInThePool() {
    NodeJob node = node("cms-1", JobStatus.RUNNING, 0);
    assertEquals(1, situation(List.of(node), known()).booting());
    history.sawSlots(List.of(slot("cms-1")));
    assertEquals(List.of(NODE), situation(List.of(node), known(slot("cms-1"))).ready());
  }

  @Test
  void nodeWhoseSlotVanishedIsLeavingAndNoSupply() {
    history.sawSlots(List.of(slot("cms-1")));
    VocSituation voc = situation(List.of(node("cms-1", JobStatus.RUNNING, 0)), known());
    assertEquals(1, voc.leaving());
    assertEquals(0, voc.ready().size() + voc.booting());
    assertEquals(1, voc.nodes());
  }

  @Test
  void freeCapacityOfANodeIsThatOfItsSlotsTogether() {
    NodeSlot rest =
        new NodeSlot(
            "cms-1",
            "cms",
            "default",
            new Resources(1, 900, 100, 0),
            false,
            NODE,
            Instant.MAX,
            false);
    NodeSlot idleClaim =
        new NodeSlot(
            "cms-1",
            "cms",
            "default",
            new Resources(1, 500, 100, 0),
            true,
            Resources.NONE,
            Instant.MAX,
            false);
    assertEquals(
        List.of(new Resources(2, 1400, 200, 0)),
        situation(List.of(node("cms-1", JobStatus.RUNNING, 0)), known(rest, idleClaim)).ready());
  }

  @Test
  void nodePastItsDeathTimeIsNoSupply() {
    NodeSlot dying = new NodeSlot("cms-1", "cms", "default", NODE, false, NODE, NOW, false);
    assertEquals(
        1, situation(List.of(node("cms-1", JobStatus.RUNNING, 0)), known(dying)).leaving());
  }

  @Test
  void whileSlotsAreUnknownAJoinedNodeCountsAsFree() {
    history.sawSlots(List.of(slot("cms-1")));
    VocSituation voc =
        situation(
            List.of(node("cms-1", JobStatus.RUNNING, 0)), new SlotReading.Unknown("no answer"));
    assertFalse(voc.slotsKnown());
    assertEquals(List.of(NODE), voc.ready());
  }

  @Test
  void withoutRunningNodesThereIsNothingToAskTheCollector() {
    assertTrue(
        situation(List.of(node("cms-1", JobStatus.IDLE, 0)), new SlotReading.Unknown("not asked"))
            .slotsKnown());
  }

  @Test
  void nodeThatBootsForTooLongIsOverdueButOnlyIfTheCollectorAnswers() {
    List<NodeJob> late = List.of(node("cms-1", JobStatus.RUNNING, 1000));
    assertEquals(1, situation(late, known()).overdue().size());
    assertEquals(1, situation(late, new SlotReading.Unknown("no answer")).booting());
  }

  @Test
  void jobsOfAnotherDefinitionTextAreObsoleteUnlessTheyRun() {
    NodeJob queued = job("cms-1", JobStatus.IDLE, 0, "older");
    NodeJob running = job("cms-2", JobStatus.RUNNING, 0, "older");
    VocSituation voc = situation(List.of(queued, running), known());
    assertEquals(List.of(queued), voc.obsolete());
    assertEquals(1, voc.booting());
  }

  @Test
  void submittedNodeCountsUntilItIsSeen() {
    Situations situations =
        new Situations(
            List.of(node("cms-1", JobStatus.IDLE, 0)),
            known(),
            Map.of("cms", Set.of("cms-1", "cms-2"), "atlas", Set.of("atlas-1")),
            history,
            SizingLimits.DEFAULT,
            NOW);
    assertEquals(1, of(situations).submitted());
  }

  @Test
  void otherVocsNodesAreNotCounted() {
    NodeJob other = ANodeJob.of("atlas", 9).build();
    assertEquals(0, situation(List.of(other), known()).nodes());
    assertEquals(List.of(other), Situations.unregistered(List.of(other), Set.of("cms")));
  }

  private VocSituation situation(List<NodeJob> nodes, SlotReading slots) {
    return of(new Situations(nodes, slots, Map.of(), history, SizingLimits.DEFAULT, NOW));
  }

  private VocSituation of(Situations situations) {
    return situations.of(
        NodePrototype.of(cms, cms.shapes().getFirst(), NODE),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static SlotReading known(NodeSlot... slots) {
    return new SlotReading.Known(NOW, List.of(slots));
  }

  private static NodeSlot slot(String node) {
    return new NodeSlot(node, "cms", "default", NODE, false, NODE, Instant.MAX, false);
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
