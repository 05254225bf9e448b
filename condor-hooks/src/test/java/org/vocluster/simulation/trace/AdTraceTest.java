package org.vocluster.simulation.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.definition.VoName;

class AdTraceTest {
  private static final TraceDefaults DEFAULTS = new TraceDefaults(500, 2000, 100, false);

  private static Trace read(UserVos users, String text) throws IOException {
    return AdTrace.read("h", new BufferedReader(new StringReader(text)), users, DEFAULTS);
  }

  private static Trace read(String text) throws IOException {
    return read(UserVos.none(), text);
  }

  private static TraceJob only(String text) throws IOException {
    Trace trace = read(text);
    assertEquals(1, trace.jobs().size(), () -> trace.problems() + " " + trace.leftOut());
    return trace.jobs().getFirst();
  }

  private static final String DONE =
      """
      ClusterId = 12
      ProcId = 3
      Owner = "alice"
      VocVO = "cms"
      JobStatus = 4
      QDate = 1700000000
      JobStartDate = 1700000010
      JobCurrentStartDate = 1700000050
      CompletionDate = 1700000110
      RemoteWallClockTime = 75.0
      RequestCpus = 2
      MemoryUsage = 700
      RequestMemory = ifThenElse(MemoryUsage =!= undefined, MemoryUsage, 1)
      DiskUsage = 5000
      RequestDisk = DiskUsage
      Site = "A"
      Unused = "x"
      Requirements = (TARGET.Arch == "X86_64") && TARGET.Disk >= RequestDisk && MY.Site =!= "B"
      """;

  @Test
  void aCompletedJobRunsAsLongAsItsLastRun() throws IOException {
    TraceJob job = only(DONE);
    assertEquals("12.3", job.name());
    assertEquals("alice", job.user());
    assertEquals(new VoName("cms"), job.vo());
    assertEquals(60_000, job.runMs());
  }

  @Test
  void whatSlotsLookAtIsKeptAndSettled() throws IOException {
    assertEquals(
        Map.of(
            "VocVO",
            "\"cms\"",
            "RequestCpus",
            "2",
            "RequestMemory",
            "768",
            "RequestDisk",
            "5120",
            "Site",
            "\"A\"",
            "Requirements",
            "(TARGET.VocVO =?= MY.VocVO) && ((TARGET.Arch == \"X86_64\") && TARGET.Disk >="
                + " RequestDisk && MY.Site =!= \"B\")"),
        only(DONE).attributes());
  }

  @Test
  void aJobOfTheQueueRunsAsLongAsIsAssumed() throws IOException {
    assertEquals(
        100_000,
        only("Owner = \"a\"\nVocVO = \"cms\"\nJobStatus = 1\nQDate = 5\nProcId = 0\n").runMs());
  }

  @Test
  void theHistoryFileItselfCanBeRead() throws IOException {
    Trace trace =
        read(
            DONE
                + "*** Offset = 0 ClusterId = 12 ProcId = 3 Owner = \"alice\" CompletionDate = 17\n"
                + DONE
                + "*** Offset = 700 ClusterId = 12\n");
    assertEquals(2, trace.jobs().size());
    assertEquals(0, trace.bad());
  }

  @Test
  void aBadAdIsNamedWithItsLineAndTheOthersStand() throws IOException {
    Trace trace = read(DONE + "\nClusterId = 9\nQDate = = 4\nProcId = 1\n\n" + DONE);
    assertEquals(2, trace.jobs().size());
    assertEquals(1, trace.bad());
    assertEquals(
        "voc: h:21: column 9: found '=', expected an expression; give what condor_history -long"
            + " prints; its ad is left out",
        trace.problems().getFirst());
  }

  @Test
  void anAdWithoutItsSubmissionIsNamed() throws IOException {
    Trace trace = read("\n\nMachine = \"x\"\nVocVO = \"cms\"\n");
    assertEquals(
        List.of(
            "voc: h:3: the ad has no QDate; give job ads, with all attributes or those that"
                + " /usr/share/doc/voc-common/simulate.md names"),
        trace.problems());
  }

  @Test
  void whatIsNoPayloadIsLeftOutAndCounted() throws IOException {
    Trace trace =
        read(
            DONE
                + "VocNodeJob = true\n\n"
                + DONE
                + "JobUniverse = 7\n\n"
                + "VocVO = \"cms\"\nQDate = 3\nJobStatus = 3\n\n"
                + "Owner = \"carol\"\nQDate = 3\nJobStatus = 1\n\n"
                + "Owner = \"carol\"\nVocVOClaimed = \"none\"\nQDate = 3\nJobStatus = 1\n");
    assertEquals(
        Map.of(
            "are node jobs: the simulation submits its own",
            1,
            "are of another universe than vanilla",
            1,
            "ended without having run",
            1,
            "are of users in no VO, as carol",
            1,
            "are ordinary jobs by their users' choice",
            1),
        trace.leftOut());
    assertEquals(List.of(), trace.jobs());
  }

  @Test
  void theMapDecidesAndTheJobChoosesAmongItsVos() throws IOException {
    UserVos users = UserVos.parse("m", List.of("* alice atlas,lhcb", "* /^b/ cms,lhcb")).map();
    String job = "Owner = \"%s\"\nVocVO = \"%s\"\nQDate = 1\nJobStatus = 1\n\n";
    assertEquals(
        List.of("atlas", "lhcb", "cms"),
        read(
                users,
                job.formatted("alice", "cms")
                    + job.formatted("alice", "lhcb")
                    + job.formatted("bob", "x"))
            .jobs()
            .stream()
            .map(one -> one.vo().value())
            .toList());
  }

  @Test
  void gpusAreKept() throws IOException {
    assertEquals("1", only(DONE + "RequestGPUs = 1\n").attributes().get("RequestGPUs"));
    assertFalse(only(DONE).attributes().containsKey("RequestGPUs"));
  }
}
