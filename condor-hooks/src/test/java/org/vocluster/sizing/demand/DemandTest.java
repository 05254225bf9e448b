package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.NewForm;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;

public class DemandTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  private static final EvalContext CONTEXT = EvalContext.DEFAULT.withClock(NOW::getEpochSecond);

  private final NodePrototype small =
      prototype(definition("cms", "cms", 2), new Resources(2, 1900, 3_000_000, 0));
  private final NodePrototype large =
      prototype(definition("cms-large", "cms", 8), new Resources(8, 15_000, 30_000_000, 0));
  private final Demand demand = new Demand(List.of(large, small), Set.of("odd"), CONTEXT);

  @Test
  void jobThatMatchesBothWaysIsDemandPreferablyOfTheSmallestNode() {
    Demand.Assigned assigned = demand.assign(List.of(group(7, "cms", "1", "500", "true")), NOW);
    assertEquals(List.of(), assigned.unserved());
    assertEquals(
        List.of(
            new DemandGroup(
                new VoName("cms"),
                7,
                new JobId(1, 0),
                List.of(
                    new Candidate(AKind.of("cms/default"), new Resources(1, 512, 10_240, 0)),
                    new Candidate(
                        AKind.of("cms-large/default"), new Resources(1, 512, 10_240, 0))))),
        assigned.groups());
  }

  @Test
  void jobTooLargeForTheSmallNodeIsDemandOfTheLargeOne() {
    List<DemandGroup> groups =
        demand.assign(List.of(group(1, "cms", "4", "500", "true")), NOW).groups();
    assertEquals(
        List.of("cms-large"),
        groups.getFirst().candidates().stream().map(c -> c.voc().value()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(TARGET.Disk >= RequestDisk)",
        "(versionGE(split(TARGET.CondorVersion)[1],\"25.12.0\") || (TARGET.Disk >= RequestDisk))"
      })
  void requirementsThatCondorSubmitWritesAreMet(String disk) {
    String requirements =
        "(TARGET.VocVO =?= MY.VocVO) && ((TARGET.Arch == \"X86_64\") && (TARGET.OpSys == \"LINUX\")"
            + " && "
            + disk
            + " && (TARGET.Memory >= RequestMemory)"
            + " && ((TARGET.FileSystemDomain == MY.FileSystemDomain) || (TARGET.HasFileTransfer)))";
    String memory = "ifthenelse(MemoryUsage =!= undefined,MemoryUsage,( ImageSize + 1023 ) / 1024)";
    JobGroup group =
        new JobGroup(
            ImmutableMap.<String, String>builder()
                .put("VocVO", "\"cms\"")
                .put("RequestCpus", "1")
                .put("RequestMemory", memory)
                .put("ImageSize", "45")
                .put("RequestDisk", "DiskUsage")
                .put("DiskUsage", "45")
                .put("FileSystemDomain", "\"ap.test\"")
                .put("Requirements", requirements)
                .buildOrThrow(),
            3,
            new JobId(5, 0));
    Demand.Assigned assigned = demand.assign(List.of(group), NOW);
    assertEquals(List.of(), assigned.unserved());
    assertEquals(
        new Resources(1, 128, 1024, 0),
        assigned.groups().getFirst().candidates().getFirst().request());
  }

  @Test
  void jobLongerThanNodesLiveIsNoDemandAndShorterOnesSayHowLongTheyAre() {
    JobGroup tooLong = withLength(2, "200000");
    assertUnserved(
        tooLong,
        "it runs for up to 200000 s, longer than nodes live: one of cms-large has time for 86100 s");
    DemandGroup served = demand.assign(List.of(withLength(3, "7200")), NOW).groups().getFirst();
    assertEquals(
        List.of(7200L, 7200L), served.candidates().stream().map(Candidate::seconds).toList());
  }

  private static JobGroup withLength(int jobs, String seconds) {
    JobGroup plain = group(jobs, "cms", "1", "500", "true");
    return new JobGroup(
        ImmutableMap.<String, String>builder()
            .putAll(plain.attributes())
            .put("VocRunSeconds", seconds)
            .buildOrThrow(),
        jobs,
        plain.example());
  }

  @Test
  void jobThatNoNodeTakesSaysWhy() {
    assertUnserved(
        group(2, "atlas", "1", "1", "true"),
        "no valid VOC definition is registered for VO atlas (with faults: odd)");
    assertUnserved(
        group(2, "cms", "16", "1", "true"),
        "it asks for 16 cpus, 128 MB memory, 10 MB disk, and a node of cms-large offers 8 cpus, 15000"
            + " MB memory, 29296 MB disk");
    assertUnserved(
        group(2, "cms", "1", "1", "TARGET.OpSys == \"WINDOWS\""),
        "its Requirements refuse the nodes of cms-large: TARGET.OpSys == \"WINDOWS\" is false:"
            + " TARGET.OpSys = \"LINUX\"");
    assertUnserved(
        new JobGroup(
            group(2, "cms", "1", "1", "true").attributes(), 2, new JobId(1, 0), "it plays"),
        "which nodes it needs cannot be told: it plays");
  }

  @Test
  void jobsThatAFreeSlotOutsideWouldTakeAreNoDemand() {
    Demand outside =
        new Demand(
            List.of(small),
            Set.of(),
            List.of(
                slot("a", "PartitionableSlot = true; State = \"Unclaimed\"; Cpus = 3"),
                slot("b", "PartitionableSlot = true; State = \"Unclaimed\"; Cpus = 3"),
                slot("c", "State = \"Unclaimed\"; Cpus = 8"),
                slot("d", "State = \"Claimed\"; Cpus = 8"),
                slot("e", "PartitionableSlot = true; State = \"Drained\"; Cpus = 8"),
                slot("f", "State = \"Unclaimed\"; Cpus = 8; START = false")),
            CONTEXT);
    Demand.Assigned assigned =
        outside.assign(
            List.of(group(4, "cms", "2", "500", "true"), group(5, "cms", "1", "500", "true")), NOW);
    // One two-cpu job in each of a and b, one in c; two one-cpu jobs in what a and b have left.
    assertEquals(Map.of("cms", 5L), assigned.elsewhere());
    assertEquals(List.of(1L, 3L), assigned.groups().stream().map(DemandGroup::jobs).toList());
  }

  @Test
  void jobThatNamesOneMachineIsElsewhereOnlyOnThatOne() {
    List<ClassAd> slots = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      slots.add(slot(name, "State = \"Unclaimed\"; Cpus = 8"));
    }
    Demand outside = new Demand(List.of(small), Set.of(), slots, CONTEXT);
    Demand.Assigned assigned =
        outside.assign(
            List.of(
                group(3, "cms", "1", "500", "TARGET.Machine == \"b\""),
                group(3, "cms", "1", "500", "true")),
            NOW);
    assertEquals(Map.of("cms", 3L), assigned.elsewhere());
    assertEquals(2, assigned.unserved().getFirst().jobs());
    assertEquals(1, assigned.groups().getFirst().jobs());
  }

  @Test
  void deferredJobWaitsUntilItsSlotMayPrepare() {
    AtomicLong clock = new AtomicLong(NOW.getEpochSecond());
    Demand timed = new Demand(List.of(small), Set.of(), EvalContext.DEFAULT.withClock(clock::get));
    // As condor_submit writes it.
    List<JobGroup> deferred =
        List.of(
            group(
                2,
                "cms",
                "1",
                "500",
                "TARGET.HasJobDeferral && (((time() + ScheddInterval) >= (DeferralTime -"
                    + " DeferralPrepTime)) && (time() < (DeferralTime + DeferralWindow)))",
                Map.of(
                    "DeferralTime",
                    "1800001000",
                    "DeferralPrepTime",
                    "300",
                    "DeferralWindow",
                    "0",
                    "ScheddInterval",
                    "60")));
    assertEquals(Map.of("cms", 2L), at(clock, 1_800_000_000L, timed, deferred).waiting());
    assertEquals(List.of(), at(clock, 1_800_000_000L, timed, deferred).unserved());
    assertEquals(Map.of("cms", 2L), at(clock, 1_800_000_639L, timed, deferred).waiting());
    assertEquals(2, at(clock, 1_800_000_640L, timed, deferred).groups().getFirst().jobs());
  }

  @Test
  void jobCoolingDownAfterAFailureWaits() {
    AtomicLong clock = new AtomicLong(NOW.getEpochSecond());
    Demand timed = new Demand(List.of(small), Set.of(), EvalContext.DEFAULT.withClock(clock::get));
    List<JobGroup> cooling =
        List.of(group(2, "cms", "1", "500", "true", Map.of("JobCoolDownExpiration", "1800000060")));
    assertEquals(Map.of("cms", 2L), at(clock, 1_800_000_000L, timed, cooling).waiting());
    assertEquals(Map.of(), at(clock, 1_800_000_061L, timed, cooling).waiting());
    assertEquals(2, at(clock, 1_800_000_061L, timed, cooling).groups().getFirst().jobs());
  }

  /** When a node ends, its jobs and their owner's idle ones are cooled down for a moment. */
  @Test
  void jobCoolingDownForAMomentIsDemandAllTheTime() {
    AtomicLong clock = new AtomicLong(NOW.getEpochSecond());
    Demand timed = new Demand(List.of(small), Set.of(), EvalContext.DEFAULT.withClock(clock::get));
    List<JobGroup> cooling =
        List.of(group(2, "cms", "1", "500", "true", Map.of("JobCoolDownExpiration", "1800000004")));
    assertEquals(2, at(clock, 1_800_000_000L, timed, cooling).groups().getFirst().jobs());
    assertEquals(Map.of(), at(clock, 1_800_000_000L, timed, cooling).waiting());
  }

  @Test
  void jobThatCoolsDownAndIsDeferredWaitsForTheLater() {
    AtomicLong clock = new AtomicLong(NOW.getEpochSecond());
    Demand timed = new Demand(List.of(small), Set.of(), EvalContext.DEFAULT.withClock(clock::get));
    List<JobGroup> both =
        List.of(
            group(
                2,
                "cms",
                "1",
                "500",
                "true",
                Map.of("JobCoolDownExpiration", "1800000060", "DeferralTime", "1800001000")));
    assertEquals(Map.of("cms", 2L), at(clock, 1_800_000_061L, timed, both).waiting());
    assertEquals(Map.of("cms", 2L), at(clock, 1_800_000_999L, timed, both).waiting());
    assertEquals(2, at(clock, 1_800_001_000L, timed, both).groups().getFirst().jobs());
  }

  @Test
  void jobWithAnAttributeThatCannotBeParsedIsNoDemand() {
    assertEquals(
        1, demand.assign(List.of(group(1, "cms", "1", "1", "(((")), NOW).unserved().size());
  }

  /** What the same jobs are at another time. */
  private static Demand.Assigned at(
      AtomicLong clock, long seconds, Demand demand, List<JobGroup> groups) {
    clock.set(seconds);
    return demand.assign(groups, Instant.ofEpochSecond(seconds));
  }

  private void assertUnserved(JobGroup group, String why) {
    assertEquals(
        List.of(
            new Demand.Unserved(
                group.attributes().getOrDefault("VocVO", "").replace("\"", ""),
                group.idle(),
                group.example(),
                why)),
        demand.assign(List.of(group), NOW).unserved());
  }

  private static JobGroup group(
      int idle, String vo, String cpus, String memory, String requirements) {
    return group(idle, vo, cpus, memory, requirements, Map.of());
  }

  private static JobGroup group(
      int idle,
      String vo,
      String cpus,
      String memory,
      String requirements,
      Map<String, String> more) {
    return new JobGroup(
        ImmutableMap.<String, String>builder()
            .put("VocVO", '"' + vo + '"')
            .put("RequestCpus", cpus)
            .put("RequestMemory", memory)
            .put("RequestDisk", "10240")
            .put("Requirements", requirements)
            .putAll(more)
            .buildOrThrow(),
        idle,
        new JobId(1, 0));
  }

  private static ClassAd slot(String machine, String attributes) {
    try {
      return NewForm.parse(
          "[ Machine = \""
              + machine
              + "\"; START = TARGET.VocVO == \"cms\"; Requirements = START; Memory = 8000; Disk ="
              + " 9000000; "
              + attributes
              + " ]");
    } catch (ClassAdSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static NodePrototype prototype(VocDefinition definition, Resources offers) {
    return NodePrototype.of(definition, definition.shapes().getFirst(), offers);
  }

  public static VocDefinition definition(String name, String vo, int cpus) {
    String text =
        """
        [ Name = "%s"; VO = "%s"; Image = "https://images.example.org/cms.qcow2";
          ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
          Cpus = %d; MemoryMb = 2048; DiskMb = 4096; MaxNodes = 5 ]
        """
            .formatted(name, vo, cpus);
    return switch (VocDefinition.parse("test.ad", text)) {
      case VocDefinition.Reading.Valid valid -> valid.definition();
      case VocDefinition.Reading.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }
}
