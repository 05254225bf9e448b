package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.LongForm;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.vm.definition.VocDefinition;

/** Jobs that ask for what only the VO's image has, before and after a node has shown itself. */
class UntoldTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  private static final EvalContext CONTEXT = EvalContext.DEFAULT.withClock(NOW::getEpochSecond);

  private static String resource(String name) {
    try (InputStream in = UntoldTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static VocDefinition definition(String file, String attributes) {
    String text = resource(file).replace(" ]", "; NodeAttributes = [ " + attributes + " ] ]");
    return assertInstanceOf(VocDefinition.Reading.Valid.class, VocDefinition.parse("f", text))
        .definition();
  }

  private static JobGroup jobs(String file) throws Exception {
    return jobs(LongForm.parse(resource(file)));
  }

  private static JobGroup jobs(ClassAd ad) {
    ImmutableMap.Builder<String, String> attributes = ImmutableMap.builder();
    ClassAd ofVo = ad.with("VocVO", "cms");
    for (String name : ofVo.names()) {
      attributes.put(name, LongForm.print(Objects.requireNonNull(ofVo.expr(name))));
    }
    return new JobGroup(attributes.buildOrThrow(), 5, new JobId(101, 0));
  }

  private static JobGroup jobs(String requirements, String more) throws Exception {
    return jobs(
        LongForm.parse(
            "RequestCpus = 1\nRequestMemory = 100\nRequestDisk = 10\nRequirements = "
                + requirements
                + "\n"
                + more));
  }

  private static Demand.Assigned assign(NodePrototype prototype, JobGroup group) {
    return new Demand(List.of(prototype), Set.of(), CONTEXT).assign(List.of(group), NOW);
  }

  private static NodePrototype expected(VocDefinition definition) {
    return NodePrototype.expected(definition, definition.shapes().getFirst());
  }

  /** As a node has shown it whose slot says these, too. */
  private static NodePrototype shown(VocDefinition definition, String attributes) throws Exception {
    NodePrototype before = expected(definition);
    int gpus = before.offers().gpus();
    ClassAd slot =
        LongForm.parse(
            """
            Name = "slot1@cms-0a1b2c3d"
            VocNode = "cms-0a1b2c3d"
            Voc = "cms"
            PartitionableSlot = true
            Cpus = 4
            Memory = 7900
            Disk = 30000000
            GPUs = %1$d
            TotalSlotCpus = 4
            TotalSlotMemory = 7900
            TotalSlotDisk = 30000000
            TotalSlotGPUs = %1$d
            HasFileTransfer = true
            HasJobDeferral = true
            %2$s
            """
                .formatted(gpus, attributes));
    return NodePrototype.of(
        definition, definition.shapes().getFirst(), ShownNode.of(slot, before, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "container-required.ads, cms.ad, HasContainer HasSIF",
    "os-required.ads, cms.ad, OpSysAndVer",
    "osdf.ads, cms.ad, HasFileTransferPluginMethods",
    "gpu.ads, gpu.ad, AvailableGPUs Capability"
  })
  void fromZeroOneNodeIsToShowWhatTheImageHas(String jobs, String file, String untold)
      throws Exception {
    Demand.Assigned assigned = assign(expected(definition(file, "")), jobs(jobs));
    assertEquals(List.of(), assigned.unserved());
    List<String> names = List.of(untold.split(" "));
    assertEquals(names, assigned.probing().getFirst().attributes());
    assertEquals(5, assigned.probing().getFirst().jobs());
    assertEquals(1, assigned.groups().size());
    assertEquals(1, assigned.groups().getFirst().jobs());
    assertEquals(names, assigned.groups().getFirst().untold());
  }

  @ParameterizedTest
  @CsvSource({
    "container-required.ads, cms.ad, HasContainer = true; HasSIF = true",
    "os-required.ads, cms.ad, OpSysAndVer = \"AlmaLinux9\"",
    "osdf.ads, cms.ad, HasFileTransferPluginMethods = \"osdf\"",
    "gpu.ads, gpu.ad, GPUs_Capability = 8.0"
  })
  void theDefinitionSaysSo(String jobs, String file, String attributes) throws Exception {
    assertFits(assign(expected(definition(file, attributes)), jobs(jobs)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "container-required.ads | cms.ad | HasContainer = true; HasSIF = true",
        "os-required.ads | cms.ad | OpSysAndVer = \"AlmaLinux9\"",
        "osdf.ads | cms.ad | HasFileTransferPluginMethods = \"data,file,osdf,pelican\"",
        "gpu.ads | gpu.ad | AvailableGPUs = { GPUs_GPU_c4a646d7 }; GPUs_GPU_c4a646d7 = [ Capability ="
            + " 8.0, GlobalMemoryMb = 40000, Id = \"GPU-c4a646d7\" ]"
      })
  void aNodeOfThatImageHasShownIt(String jobs, String file, String attributes) throws Exception {
    assertFits(
        assign(
            shown(
                definition(file, ""),
                attributes.replace("; ", "\n").replace(", G", "; G").replace(", I", "; I")),
            jobs(jobs)));
  }

  private static void assertFits(Demand.Assigned assigned) {
    assertEquals(List.of(), assigned.unserved());
    assertEquals(List.of(), assigned.probing());
    assertEquals(5, assigned.groups().getFirst().jobs());
    assertEquals(List.of(), assigned.groups().getFirst().untold());
  }

  @ParameterizedTest
  @CsvSource({
    "container-required.ads, cms.ad, HasContainer",
    "os-required.ads, cms.ad, OpSysAndVer",
    "osdf.ads, cms.ad, HasFileTransferPluginMethods",
    "gpu.ads, gpu.ad, AvailableGPUs"
  })
  void whatANodeHasShownNotToHaveIsNotTriedAgain(String jobs, String file, String clause)
      throws Exception {
    Demand.Assigned assigned = assign(shown(definition(file, ""), ""), jobs(jobs));
    assertEquals(List.of(), assigned.groups());
    assertEquals(List.of(), assigned.probing());
    String why = assigned.unserved().getFirst().why();
    assertTrue(why.contains(clause), why);
    assertTrue(why.endsWith("; as node cms-0a1b2c3d of its image has shown"), why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TARGET.OpSys == \"WINDOWS\" && TARGET.HasContainer",
        "TARGET.Cpus >= 64 && TARGET.HasContainer",
        "TARGET.Machine == \"host7\"",
        "TARGET.VocShape =?= \"huge\"",
        "false",
        "MY.Nothing"
      })
  void whatContradictsWhatIsKnownGetsNoNode(String requirements) throws Exception {
    Demand.Assigned assigned = assign(expected(definition("cms.ad", "")), jobs(requirements, ""));
    assertEquals(List.of(), assigned.groups());
    assertEquals(1, assigned.unserved().size());
  }

  @Test
  void whatTheDefinitionSaysOtherwiseIsKnown() throws Exception {
    Demand.Assigned assigned =
        assign(
            expected(definition("cms.ad", "OpSysAndVer = \"Debian13\"")), jobs("os-required.ads"));
    assertEquals(List.of(), assigned.groups());
    assertTrue(assigned.unserved().getFirst().why().contains("Debian13"));
  }

  @Test
  void attributesOfTheJobsAreFollowed() throws Exception {
    Demand.Assigned assigned =
        assign(
            expected(definition("cms.ad", "")),
            jobs("MY.Wants", "Wants = HAS_CVMFS_cms_cern_ch =?= true\n"));
    assertEquals(List.of("HAS_CVMFS_cms_cern_ch"), assigned.probing().getFirst().attributes());
  }

  @Test
  void ofEachVocOneNodeAtATimeShowsSomething() throws Exception {
    String shapes =
        resource("cms.ad")
            .replace(
                "Cpus = 4; MemoryMb = 8192; DiskMb = 40960;",
                "Shapes = { [ Name = \"a\"; Cpus = 1; MemoryMb = 2048; DiskMb = 4096 ],"
                    + " [ Name = \"b\"; Cpus = 4; MemoryMb = 8192; DiskMb = 40960 ] };");
    VocDefinition definition =
        assertInstanceOf(VocDefinition.Reading.Valid.class, VocDefinition.parse("f", shapes))
            .definition();
    List<NodePrototype> prototypes =
        definition.shapes().stream().map(s -> NodePrototype.expected(definition, s)).toList();
    JobGroup large = jobs("TARGET.HasA", "");
    ClassAd four = large.ad().with("RequestCpus", 4);
    Demand.Assigned assigned =
        new Demand(prototypes, Set.of(), CONTEXT)
            .assign(List.of(jobs(four), jobs("TARGET.HasB", ""), jobs("TARGET.HasC", "")), NOW);
    assertEquals(3, assigned.probing().size());
    assertEquals(1, assigned.groups().size());
    assertEquals("cms/a", assigned.groups().getFirst().candidates().getFirst().kind().toString());
  }

  @Test
  void theImagesOwnStartIsJudgedOnceANodeHasShownIt() throws Exception {
    NodePrototype prototype =
        shown(
            definition("cms.ad", ""),
            "Site = \"FNAL\"\nVocImageStart = TARGET.ProjectName =?= \"top\" && MY.Site == \"FNAL\"");
    Demand.Assigned other = assign(prototype, jobs("true", "ProjectName = \"higgs\"\n"));
    assertTrue(
        other.unserved().getFirst().why().contains("refuse it (START): TARGET.ProjectName"),
        other.unserved().toString());
    assertFits(assign(prototype, jobs("true", "ProjectName = \"top\"\n")));
  }

  @Test
  void aJobThatSaysItIsLongerThanANodeLivesIsRefused() throws Exception {
    NodePrototype prototype = expected(definition("cms.ad", ""));
    Demand.Assigned longer = assign(prototype, jobs("true", "VocRunSeconds = 86401\n"));
    assertTrue(
        longer.unserved().getFirst().why().contains("it runs for up to 86401 s"),
        longer.unserved().toString());
    for (String fits : List.of("86100", "-1", "undefined", "error", "\"9999999\"", "600.5")) {
      assertFits(assign(prototype, jobs("true", "VocRunSeconds = " + fits + "\n")));
    }
    Demand.Assigned absurd =
        assign(prototype, jobs("true", "VocRunSeconds = 9223372036854775807\n"));
    assertEquals(1, absurd.unserved().size());
  }

  @Test
  void ofACustomResourceNoMoreJobsAreCountedThanTheNodeHas() throws Exception {
    JobGroup fpga = jobs("TARGET.Fpgas >= RequestFpgas", "RequestFpgas = 1\n");
    assertEquals(
        List.of("Fpgas"),
        assign(expected(definition("cms.ad", "")), fpga).probing().getFirst().attributes());
    assertEquals(
        4,
        assign(expected(definition("cms.ad", "Fpgas = 1")), fpga)
            .groups()
            .getFirst()
            .candidates()
            .getFirst()
            .request()
            .cpus());
    Resources two =
        assign(shown(definition("cms.ad", ""), "Fpgas = 1\nTotalSlotFpgas = 2"), fpga)
            .groups()
            .getFirst()
            .candidates()
            .getFirst()
            .request();
    assertEquals(2, two.cpus());
  }

  @Test
  void aSimulationTakesItThatTheImageHasWhatIsAskedFor() throws Exception {
    assertFits(
        assign(expected(definition("cms.ad", "")).assumed(), jobs("container-required.ads")));
  }
}
