package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.definition.NodeId;

class ShownAttributesTest {
  private static final NodeId NODE = new NodeId("cms-0a1b2c3d");

  private static ClassAd of(String slot) throws Exception {
    return ShownAttributes.of(LongForm.parse(slot), NODE);
  }

  @Test
  void whatIsOneNodesOwnDoesNotHoldForOthers() throws Exception {
    ClassAd shown =
        of(
            """
            Name = "slot1@cms-0a1b2c3d"
            Machine = "cms-0a1b2c3d"
            MyAddress = "<10.0.2.15:9618>"
            VocNode = "cms-0a1b2c3d"
            VocVO = "atlas"
            FileSystemDomain = "cms-0a1b2c3d"
            UidDomain = "cern.ch"
            State = "Claimed"
            EnteredCurrentState = 1800000000
            LastHeardFrom = 1800000000
            MyCurrentTime = 1800000000
            TotalTimeUnclaimedIdle = 33
            RecentJobStarts = 1
            LoadAvg = 0.3
            MonitorSelfAge = 3
            Cpus = 1
            TotalSlotCpus = 4
            TotalSlotMemory = 8000
            Start = false
            Requirements = false
            HasContainer = true
            JobRuntimeIsGood = true
            MyCluster = "x"
            LastMile = 2
            NumberOfDisks = 3
            Mips = 20000
            OpSysAndVer = "AlmaLinux9"
            CondorVersion = "$CondorVersion: 25.14.1 2026-10-16 $"
            """);
    assertEquals(
        Set.of(
            "UidDomain",
            "HasContainer",
            "JobRuntimeIsGood",
            "MyCluster",
            "LastMile",
            "NumberOfDisks",
            "Mips",
            "OpSysAndVer",
            "CondorVersion"),
        new TreeSet<>(shown.names()));
  }

  @Test
  void onlyValuesAreTakenAndGpusAsTheyArePublished() throws Exception {
    ClassAd shown =
        of(
            """
            Cpus = 2
            Memory = 100
            Disk = 77
            GPUs = 1
            TotalSlotCpus = 2
            TotalSlotMemory = 100
            TotalSlotDisk = 100
            TotalSlotGPUs = 1
            TotalSlotFpgas = 2
            Fpgas = 1
            AvailableGPUs = { GPUs_GPU_c4a646d7 }
            GPUs_GPU_c4a646d7 = [ Id = "GPU-c4a646d7"; Capability = 8.0; Bad = time() ]
            GPUs_Capability = 8.0
            HasNow = time() > 5
            HasLoop = HasLoop
            A0 = A1 + A1
            List = { 1, "two", true }
            Deep = { { { { 1 } } } }
            Sly = { time() }
            Sum = { A0 }
            Minus = -3
            Odd = { 1 }[time() % 1]
            Two = { "}" } == { "]" }
            Quoted = { "a}\\"b", "c]" }
            Nothing = undefined
            """);
    assertEquals(
        "{ [ Id = \"GPU-c4a646d7\"; Capability = 8.000000000000000E+00 ] }",
        text(shown, "AvailableGPUs"));
    assertEquals(2, shown.integer("Fpgas").orElse(0));
    assertEquals(-3, shown.integer("Minus").orElse(0));
    assertEquals("{ 1,\"two\",true }", text(shown, "List"));
    assertTrue(shown.has("Quoted"));
    for (String none :
        new String[] {"HasNow", "HasLoop", "A0", "Deep", "Sly", "Sum", "Nothing", "Odd", "Two"}) {
      assertFalse(shown.has(none), none);
    }
  }

  private static String text(ClassAd ad, String name) {
    return String.valueOf(ad.expr(name));
  }

  @Test
  void whatIsLeftOfAUsedNodeIsNotWhatAnEmptyOneHas() throws Exception {
    ClassAd shown =
        of(
            """
            Cpus = 1
            TotalSlotCpus = 2
            AvailableGPUs = { }
            HasContainer = true
            """);
    assertFalse(shown.has("AvailableGPUs"));
    assertTrue(shown.has("HasContainer"));
  }

  @Test
  void anImagesStartIsTakenIfItCanBeJudged() throws Exception {
    assertTrue(of("VocImageStart = TARGET.Owner == \"alice\"").has("VocImageStart"));
    assertTrue(of("Site = \"x\"\nVocImageStart = MY.Site == \"x\"").has("VocImageStart"));
    assertFalse(of("VocImageStart = eval(TARGET.Text)").has("VocImageStart"));
    assertFalse(of("Busy = time() > 3\nVocImageStart = MY.Busy").has("VocImageStart"));
    StringBuilder many = new StringBuilder("VocImageStart = true");
    for (int i = 0; i < 40; i++) {
      many.append(" && TARGET.A").append(i);
    }
    assertFalse(of(many.toString()).has("VocImageStart"));
    assertFalse(
        of("VocImageStart = TARGET.Owner == \"" + "x".repeat(5000) + "\"").has("VocImageStart"));
  }

  @Test
  void allOfItIsBounded() throws Exception {
    StringBuilder slot = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      slot.append("Attribute").append(i).append(" = \"").append("x".repeat(500)).append("\"\n");
    }
    slot.append("Huge = \"").append("x".repeat(10_000)).append("\"\n");
    ClassAd shown = of(slot.toString());
    assertFalse(shown.has("Huge"));
    assertTrue(shown.size() <= ShownAttributes.MOST);
    assertTrue(shown.toString().length() < 2 * ShownAttributes.MOST_CHARACTERS);
  }
}
