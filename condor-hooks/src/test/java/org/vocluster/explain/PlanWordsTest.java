package org.vocluster.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vocluster.sizing.Plan;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

class PlanWordsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

  @Test
  void planSaysDemandSupplyDecisionAndActionsOfEachVoc() {
    Plan plan =
        new Plan(
            List.of(
                new Plan.Voc(
                    new VocName("cms"),
                    new VoName("cms"),
                    "0 to 5 nodes",
                    "submit",
                    "12 idle jobs, 2 nodes, 1 missing: submitting 1 node",
                    List.of(
                        new Plan.Node(
                            new NodeId("cms-a"),
                            "",
                            "ready",
                            "13.0",
                            Optional.of(NOW.minusSeconds(90)),
                            "1 cpus, 512 MB memory, 900 MB disk"),
                        new Plan.Node(
                            new NodeId("cms-b"), "", "submitted", "", Optional.empty(), "")),
                    List.of("submit 1 node"))),
            List.of(
                new Plan.Group(
                    new VoName("cms"),
                    List.of("cms"),
                    "12.0",
                    new Plan.Shares(2, 3, 4, 3, "MaxNodes is 5"),
                    "1 cpus"),
                new Plan.Group(
                    new VoName("cms"),
                    List.of("cms"),
                    "15.0",
                    new Plan.Shares(0, 0, 1, 0, ""),
                    "2 cpus")),
            new Plan.WithoutNode(
                List.of(new Plan.Unserved("atlas", 7, "20.0", "no valid VOC definition")),
                List.of(new Plan.Probing("cms/default", 3, "21.0", List.of("HasContainer"))),
                Map.of("cms", 4L),
                Map.of("cms", 2L)),
            Map.of("night", List.of("voc: night.ad: Cpus is missing; add it")),
            List.of(
                new Breaker(
                    new Breaker.Cause(
                        Breaker.Scope.HOST, "pad1.test", Breaker.Failure.NEVER_JOINED),
                    new VocName("cms"),
                    "d",
                    3,
                    NOW.minusSeconds(30),
                    "node cms-c ended without joining the pool")),
            List.of("remove node job 9.0: its VOC is registered no more"),
            List.of("VAD slots: no answer"));
    assertEquals(
        """
        not known, so this may not be what sizing does: VAD slots: no answer
        VOC cms of VO cms: submit
          12 idle jobs, 2 nodes, 1 missing: submitting 1 node
          limits: 0 to 5 nodes
          demand: 12 jobs like 12.0, each takes 1 cpus: 2 in nodes that have room, 3 in nodes that are coming, 4 in new nodes, 3 wait (MaxNodes is 5)
          demand: 1 job (15.0), takes 2 cpus: 1 in new nodes
          supply: cms-a ready since 01/15 07:58:30 (90 s ago), node job 13.0, free: 1 cpus, 512 MB memory, 900 MB disk
          supply: cms-b submitted
            -> submit 1 node
        VOC night: broken, nobody is served by it
          voc: night.ad: Cpus is missing; add it
        nodes of no VOC:
            -> remove node job 9.0: its VOC is registered no more
        host pad1.test failed 3 times in a row, last at 01/15 07:59:30 (30 s ago); one node is tried at 01/15 08:00:30:
          node cms-c ended without joining the pool
        7 jobs of VO atlas get no node (20.0): no valid VOC definition
        3 jobs wait for a first node of cms/default to show what its image has (21.0): HasContainer
        4 of the jobs of VO cms fit into free slots outside its VOCs
        2 of the jobs of VO cms are not to run yet: deferred, or cooling down after a failure
        """,
        new PlanWords(NOW, ZoneOffset.UTC).of(plan));
  }

  @Test
  void nothingRegisteredIsSaidWithTheRemedy() {
    assertEquals(
        "no VOC is registered here; `voc register FILE` puts one into service\n",
        new PlanWords(NOW, ZoneOffset.UTC)
            .of(
                new Plan(
                    List.of(),
                    List.of(),
                    new Plan.WithoutNode(List.of(), List.of(), Map.of(), Map.of()),
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of())));
  }
}
