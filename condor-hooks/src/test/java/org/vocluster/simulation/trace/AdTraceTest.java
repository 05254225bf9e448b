package org.vocluster.simulation.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void howLongAJobSaysItRunsIsKeptAsTheAccessPointWritesIt() throws IOException {
    assertEquals(
        "1800",
        only(DONE + "AllowedExecuteDuration = 60 * Minutes\nMinutes = 30\n")
            .attributes()
            .get("VocRunSeconds"));
    assertFalse(
        only(DONE + "AllowedExecuteDuration = \"long\"\n")
            .attributes()
            .containsKey("VocRunSeconds"));
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

  private static final String ENDED =
      """
      ClusterId = 5
      ProcId = 0
      Owner = "a"
      VocVO = "cms"
      QDate = 1000
      JobStartDate = 2000
      JobCurrentStartDate = 3000
      JobCurrentStartExecutingDate = 3010
      NumJobStarts = 2
      """;

  /** By the states that it went through, and how long its last run was. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Completed: its end counts, and not when somebody took note of it.
        "JobStatus = 4; CompletionDate = 3610; EnteredCurrentStatus = 90000|600",
        "JobStatus = 4; CompletionDate = 0; EnteredCurrentStatus = 3610|600",
        // It was begun again, and the second start never executed.
        "JobStatus = 4; JobCurrentStartDate = 4000; CompletionDate = 4600|600",
        // No longer than all its runs together: only the first start is known.
        "JobStatus = 4; JobCurrentStartDate = undefined; JobCurrentStartExecutingDate = undefined;"
            + " CompletionDate = 90000; RemoteWallClockTime = 600.0|600",
        // Removed while it ran, was idle, was held, had completed.
        "JobStatus = 3; LastJobStatus = 2; EnteredCurrentStatus = 3610|600",
        "JobStatus = 3; LastJobStatus = 1; EnteredCurrentStatus = 90000;"
            + " LastRemoteWallClockTime = 600.4; RemoteWallClockTime = 900.0|600",
        "JobStatus = 3; LastJobStatus = 5; EnteredCurrentStatus = 90000;"
            + " RemoteWallClockTime = 600|600",
        "JobStatus = 3; LastJobStatus = 4; CompletionDate = 3610; EnteredCurrentStatus = 90000|600",
        // Nobody said what it was before.
        "JobStatus = 3; EnteredCurrentStatus = 90000; RemoteWallClockTime = 600.0|600",
        "JobStatus = 3; EnteredCurrentStatus = 3610|600",
        // Suspended for a while: of one run all of it, of several what the last one had.
        "JobStatus = 4; CompletionDate = 3710; NumJobStarts = 1; CumulativeSuspensionTime = 100|600",
        "JobStatus = 4; CompletionDate = 3710; CumulativeSuspensionTime = 900;"
            + " CommittedSuspensionTime = 100|600",
        // What no job can have.
        "JobStatus = 4; CompletionDate = 3610; RemoteWallClockTime = -1e300|600",
        "JobStatus = 3; LastJobStatus = 5; RemoteWallClockTime = 1e300|253402300799"
      })
  void theRunOfAJobIsNotItsLife(String attributes, long seconds) throws IOException {
    assertEquals(
        seconds * 1000, only(ENDED + attributes.replace(";", "\n").strip() + "\n").runMs());
  }

  @Test
  void aRunningJobRunsAtLeastAsLongAsItHas() throws IOException {
    assertEquals(7_000_000, only(ENDED + "JobStatus = 2\nServerTime = 10010\n").runMs());
  }

  @Test
  void jobsThatAreNoDemandAreLeftOutAndNonsenseIsNamed() throws IOException {
    Trace trace =
        read(
            ENDED
                + "JobStatus = 5\n\n"
                + ENDED
                + "JobStatus = 3\nLastJobStatus = 5\nEnteredCurrentStatus = 9\n\n"
                + ENDED
                + "JobStatus = \"done\"\n\n"
                + ENDED
                + "QDate = 1000000000000000000\n\n"
                + "AutoClusterId = 3\nJobCount = 7\nRequestCpus = 1\n");
    assertEquals(Map.of("are on hold", 1, "ended without having run", 1), trace.leftOut());
    String remedy =
        "; give job ads, with all attributes or those that /usr/share/doc/voc-common/simulate.md"
            + " names";
    assertEquals(
        List.of(
            "voc: h:25: the ad's JobStatus is no state of a job" + remedy,
            "voc: h:36: the ad's QDate is no number of seconds" + remedy,
            "voc: h:47: the ad is of an autocluster and not of a job" + remedy),
        trace.problems());
    assertEquals(List.of(), trace.jobs());
  }

  @Test
  void whatCondorQPrintsBetweenScheddsIsSkipped() throws IOException {
    Trace trace =
        read(
            """


            -- Schedd: ap1.example.org : <10.0.0.1:9618?addrs=10.0.0.1-9618&alias=ap1> @ 11/28/26
            %s
            -- Schedd: ap2.example.org : <10.0.0.2:9618?addrs=10.0.0.2-9618> @ 11/28/26 02:00:00
            %s"""
                .formatted(DONE, DONE));
    assertEquals(List.of(), trace.problems());
    assertEquals(2, trace.jobs().size());
  }

  @Test
  void adsAsJsonAreReadOneByOne() throws IOException {
    String json =
        """
        [
        {
          "ClusterId": 12, "ProcId": 3, "Owner": "al}i\\"ce", "VocVO": "cms", "JobStatus": 4,
          "QDate": 1700000000, "CompletionDate": 1700000110, "JobStartDate": 1700000050,
          "Nested": { "a": [ { "b": 1 } ] },
          "Requirements": "\\/Expr((TARGET.Arch == \\"X86_64\\"))\\/"
        }
        ,
        { "ClusterId": 13, "QDate": = 17, "JobStatus": 4 }
        {"ClusterId": 14, "ProcId": 0, "VocVO": "cms", "QDate": 1700000000, "JobStatus": 1}
        ]
        [ { "ClusterId": 15, "Owner":
        """;
    Trace trace = read(json);
    assertEquals(
        List.of("12.3 al}i\"ce 60000", "14.0  100000"),
        trace.jobs().stream()
            .map(job -> job.name() + " " + job.user() + " " + job.runMs())
            .toList());
    assertEquals(
        "(TARGET.VocVO =?= MY.VocVO) && ((TARGET.Arch == \"X86_64\"))",
        trace.jobs().getFirst().attributes().get("Requirements"));
    assertEquals(2, trace.bad(), trace.problems()::toString);
    assertTrue(trace.problems().getFirst().startsWith("voc: h:9: "), trace.problems()::toString);
    assertTrue(
        trace.problems().getLast().startsWith("voc: h:12: the text ends within the ad"),
        trace.problems()::toString);
  }

  @Test
  void adsAsXmlAreReadOneByOne() throws IOException {
    String job =
        """
        <c>
            <a n="ClusterId"><i>12</i></a><a n="ProcId"><i>%d</i></a>
            <a n="Owner"><s>a&lt;c&gt;</s></a><a n="VocVO"><s>cms</s></a>
            <a n="JobStatus"><i>4</i></a><a n="QDate"><i>1700000000</i></a>
            <a n="Nested"><c><a n="x"><i>1</i></a></c></a>
            <a n="RemoteWallClockTime"><r>6.0E+01</r></a>
        </c>
        """;
    Trace trace =
        read(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE classads SYSTEM \"classads.dtd\">\n<classads>\n"
                + job.formatted(1)
                + job.formatted(2)
                + "</classads>\n");
    assertEquals(List.of(), trace.problems());
    assertEquals(
        List.of("12.1 a<c> 60000", "12.2 a<c> 60000"),
        trace.jobs().stream()
            .map(one -> one.name() + " " + one.user() + " " + one.runMs())
            .toList());
  }

  /** Whatever stands in it, a job that cannot be read is one bad record and not the end. */
  @Test
  void hostileValuesStopNobody() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> values =
        List.of(
            "1e308 * 10",
            "-9223372036854775807 - 1",
            "1000000000000000000",
            "undefined",
            "error",
            "{ 1, 2 }",
            "[ a = 1 ]",
            "time() / 0",
            "RequestCpus",
            "\"x\"",
            "TARGET.Cpus",
            "true");
    for (String name :
        List.of(
            "QDate",
            "JobStatus",
            "JobUniverse",
            "CompletionDate",
            "JobStartDate",
            "LastJobStatus",
            "RemoteWallClockTime",
            "DeferralTime",
            "RequestCpus",
            "RequestMemory",
            "RequestGPUs",
            "Owner",
            "VocVO",
            "ClusterId",
            "Requirements")) {
      for (String value : values) {
        text.append(DONE).append(name).append(" = ").append(value).append("\n\n");
      }
    }
    Trace trace = read(text.append(DONE).toString());
    assertFalse(
        trace.problems().stream().anyMatch(problem -> problem.contains("cannot be read")),
        trace.problems()::toString);
    assertEquals("12.3", trace.jobs().getLast().name());
  }
}
