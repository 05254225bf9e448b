package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.EvalContext;
import org.vocluster.vm.VocDefinition;

class DemandTest {
  private static final EvalContext CONTEXT = EvalContext.DEFAULT.withClock(() -> 1_800_000_000L);

  private final NodePrototype small =
      prototype(definition("cms", "cms", 2), new Resources(2, 1900, 3_000_000, 0));
  private final NodePrototype large =
      prototype(definition("cms-large", "cms", 8), new Resources(8, 15_000, 30_000_000, 0));
  private final Demand demand = new Demand(List.of(large, small), Set.of("odd"), CONTEXT);

  @Test
  void jobThatMatchesBothWaysIsDemandPreferablyOfTheSmallestNode() {
    Demand.Assigned assigned = demand.assign(List.of(group(7, "cms", "1", "500", "true")));
    assertEquals(List.of(), assigned.unserved());
    assertEquals(
        List.of(
            new DemandGroup(
                "cms",
                7,
                new JobId(1, 0),
                List.of(
                    new Candidate("cms", "default", new Resources(1, 512, 10_240, 0)),
                    new Candidate("cms-large", "default", new Resources(1, 512, 10_240, 0))))),
        assigned.groups());
  }

  @Test
  void jobTooLargeForTheSmallNodeIsDemandOfTheLargeOne() {
    List<DemandGroup> groups = demand.assign(List.of(group(1, "cms", "4", "500", "true"))).groups();
    assertEquals(
        List.of("cms-large"), groups.getFirst().candidates().stream().map(Candidate::voc).toList());
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
    Demand.Assigned assigned = demand.assign(List.of(group));
    assertEquals(List.of(), assigned.unserved());
    assertEquals(
        new Resources(1, 128, 1024, 0),
        assigned.groups().getFirst().candidates().getFirst().request());
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
        "its Requirements refuse the nodes of cms-large");
  }

  @Test
  void jobWithAnAttributeThatCannotBeParsedIsNoDemand() {
    assertEquals(1, demand.assign(List.of(group(1, "cms", "1", "1", "((("))).unserved().size());
  }

  @Test
  void wordsOfExpressionsTellJobsApart() {
    Set<String> words =
        Demand.tellingApart(
            List.of(
                group(1, "cms", "1", "1", "MY.Site =?= TARGET.'Odd Name' && x(\"not \\\" me\")")));
    assertTrue(
        words.containsAll(Set.of("Site", "Odd Name", "VocVO", "Requirements")), words.toString());
    assertTrue(!words.contains("not") && !words.contains("me"), words.toString());
  }

  private void assertUnserved(JobGroup group, String why) {
    assertEquals(
        List.of(
            new Demand.Unserved(
                group.attributes().getOrDefault("VocVO", "").replace("\"", ""),
                group.idle(),
                group.example(),
                why)),
        demand.assign(List.of(group)).unserved());
  }

  private static JobGroup group(
      int idle, String vo, String cpus, String memory, String requirements) {
    return new JobGroup(
        ImmutableMap.of(
            "VocVO",
            '"' + vo + '"',
            "RequestCpus",
            cpus,
            "RequestMemory",
            memory,
            "RequestDisk",
            "10240",
            "Requirements",
            requirements),
        idle,
        new JobId(1, 0));
  }

  private static NodePrototype prototype(VocDefinition definition, Resources offers) {
    return NodePrototype.of(definition, definition.shapes().getFirst(), offers);
  }

  static VocDefinition definition(String name, String vo, int cpus) {
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
