package org.vocluster.sizing.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.Packing.Tier;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.vm.definition.VocDefinition;

/** Jobs whose requests depend on what a slot has left, as resizable ones. */
class PackingTest {
  private static final String RESIZED =
      "(Cpus>MaxCores) ? MaxCores : ((Cpus < MinCores) ? MinCores : Cpus)";

  private static Candidate candidate(int cpus, String requestCpus, String more) {
    VocDefinition.Reading reading =
        VocDefinition.parse(
            "f",
            """
            [ Name = "cms"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
              ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
              Cpus = %d; MemoryMb = 65536; DiskMb = 409600 ]
            """
                .formatted(cpus));
    VocDefinition definition = ((VocDefinition.Reading.Valid) reading).definition();
    JobGroup group =
        new JobGroup(
            ImmutableMap.<String, String>builder()
                .put("VocVO", "\"cms\"")
                .put("RequestCpus", requestCpus)
                .put("OriginalCpus", "1")
                .put("MinCores", "1")
                .put("MaxCores", "8")
                .put("RequestResizedCpus", RESIZED)
                .put("RequestMemory", "100")
                .put("RequestDisk", "1024")
                .put("Requirements", "TARGET.Cpus >= RequestCpus" + more)
                .buildOrThrow(),
            1,
            new JobId(1, 0));
    Demand.Assigned assigned =
        new Demand(
                List.of(NodePrototype.expected(definition, definition.shapes().getFirst())),
                Set.of(),
                EvalContext.DEFAULT)
            .assign(List.of(group), Instant.EPOCH);
    assertEquals(List.of(), assigned.unserved());
    return assigned.groups().getFirst().candidates().getFirst();
  }

  private static Candidate resizable(int cpus) {
    return candidate(cpus, "(!isUndefined(Cpus)) ? RequestResizedCpus : OriginalCpus", "");
  }

  private static Resources free(int cpus) {
    return new Resources(cpus, 10_000, 10_000_000, 0);
  }

  @Test
  void aResizableJobFitsBesideOthers() {
    Candidate job = resizable(4);
    assertTrue(job.depends());
    assertEquals(4, job.request().cpus(), "an empty node whole");
    Packing packing = new Packing();
    packing.offer(AKind.of("cms/default"), Tier.PARTLY_USED, new NodeSupply.Room(free(3)), 1);
    assertEquals(0, packing.place(job, Tier.PARTLY_USED, 1));
    assertEquals(1, packing.place(job, Tier.PARTLY_USED, 1), "nothing is left");
  }

  @Test
  void whatALargeNodeHasLeftIsSharedOut() {
    Candidate job = resizable(20);
    assertEquals(3, job.fits(free(20)), "8 and 8 and 4");
    Packing packing = new Packing();
    packing.offer(AKind.of("cms/default"), Tier.FREE, new NodeSupply.Room(free(20)), 2);
    assertEquals(1, packing.place(job, Tier.FREE, 7));
  }

  @Test
  void roundsThatNotAllNodesTakePartInLeaveTheOthersAsTheyWere() {
    Candidate job = resizable(20);
    Packing packing = new Packing();
    packing.offer(AKind.of("cms/default"), Tier.FREE, new NodeSupply.Room(free(20)), 3);
    assertEquals(0, packing.place(job, Tier.FREE, 4));
    assertEquals(0, packing.unused(AKind.of("cms/default"), Tier.FREE));
    Candidate whole = candidate(20, "12", "");
    assertEquals(0, packing.place(whole, Tier.FREE, 2), "two have 12 left, one has 4");
    assertEquals(1, packing.place(whole, Tier.FREE, 1));
  }

  @Test
  void aJobOfFixedSizeDependsOnNothing() {
    Candidate job = candidate(4, "2", " && TARGET.Memory >= RequestMemory");
    assertTrue(!job.depends());
    Packing packing = new Packing();
    packing.offer(AKind.of("cms/default"), Tier.FREE, new NodeSupply.Room(free(4)), 2);
    assertEquals(1, packing.place(job, Tier.FREE, 5));
  }

  @Test
  void evaluationsAreBounded() {
    Candidate job = resizable(8);
    for (int i = 0; i < 60_000; i++) {
      job.requestAt(new Resources(8, 10_000 + i, 10_000_000, 0));
    }
    assertEquals(
        job.request(), job.requestAt(new Resources(3, 5, 5, 0)), "what it takes of a whole node");
  }
}
