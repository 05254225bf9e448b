package org.vocluster.simulation.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
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

class SwfTraceTest {
  private static final TraceDefaults DEFAULTS = new TraceDefaults(500, 2000, 100, false);

  private static Trace read(TraceDefaults defaults, UserVos users, String... lines)
      throws IOException {
    return SwfTrace.read(
        "t.swf", new BufferedReader(new StringReader(String.join("\n", lines))), users, defaults);
  }

  private static Trace read(String... lines) throws IOException {
    return read(DEFAULTS, UserVos.all(new VoName("cms")), lines);
  }

  @Test
  void everyFieldThatMattersIsRead() throws IOException {
    Trace trace =
        read(
            "; Version: 2.2",
            "",
            "  ; UnixStartTime: 0",
            "1 100 5 60.5 2 -1 -1 4 -1 131072 1 7 3 -1 1 1 -1 -1");
    TraceJob job = trace.jobs().getFirst();
    assertEquals("1", job.name());
    assertEquals("7", job.user());
    assertEquals(new VoName("cms"), job.vo());
    assertEquals(0, job.submitMs());
    assertEquals(60_500, job.runMs());
    assertEquals("4", job.attributes().get("RequestCpus"));
    // 128 MB for each of the four.
    assertEquals("512", job.attributes().get("RequestMemory"));
    assertEquals(Integer.toString(2000 * 1024), job.attributes().get("RequestDisk"));
    assertEquals("\"cms\"", job.attributes().get("VocVO"));
    assertEquals(0, trace.bad());
  }

  @Test
  void jobsAreInTheOrderOfTheirSubmissionFromZero() throws IOException {
    Trace trace =
        read(
            "1 50 -1 10 1 -1 -1 1 -1 -1 1 1 1 -1 1 1 -1 -1",
            "2 20 -1 10 1 -1 -1 1 -1 -1 1 1 1 -1 1 1 -1 -1",
            "3 20.5 -1 10 1 -1 -1 1 -1 -1 1 1 1 -1 1 1 -1 -1");
    assertEquals(List.of("2", "3", "1"), trace.jobs().stream().map(TraceJob::name).toList());
    assertEquals(
        List.of(0L, 500L, 30_000L), trace.jobs().stream().map(TraceJob::submitMs).toList());
  }

  @Test
  void whatIsUnknownHasADefault() throws IOException {
    TraceJob job = read("1 0 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1").jobs().getFirst();
    assertEquals(100_000, job.runMs());
    assertEquals("1", job.attributes().get("RequestCpus"));
    assertEquals("512", job.attributes().get("RequestMemory"));
    assertEquals("-1", job.user());
  }

  @Test
  void theRequestedTimeStandsForAnUnknownRunTime() throws IOException {
    assertEquals(
        777_000, read("1 0 -1 -1 1 -1 -1 1 777 -1 1 1 1 -1 -1 -1 -1 -1").jobs().getFirst().runMs());
  }

  @Test
  void aRunOfLessThanHalfASecondTakesOne() throws IOException {
    assertEquals(
        1000, read("1 0 -1 0 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1").jobs().getFirst().runMs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 2 3|has 3 fields and not 18 (\"1 2 3\"); give a line of the Standard Workload Format",
        "1 x 5 6 2 -1 -1 4 -1 -1 1 7 3 -1 1 1 -1 -1|field 2, submit time, is x; give a number of"
            + " seconds",
        "1 -1 5 6 2 -1 -1 4 -1 -1 1 7 3 -1 1 1 -1 -1|field 2, submit time, is -1; give a number of"
            + " seconds",
        "1 1 5 -6 2 -1 -1 4 -1 -1 1 7 3 -1 1 1 -1 -1|field 4, run time, is -6; give a number, or -1"
            + " for unknown",
        "1 1 5 NaN 2 -1 -1 4 -1 -1 1 7 3 -1 1 1 -1 -1|field 4, run time, is NaN; give a number, or"
            + " -1 for unknown",
        "1 1 5 1e300 2 -1 -1 4 -1 -1 1 7 3 -1 1 1 -1 -1|field 4, run time, is 1e300; give a"
            + " number, or -1 for unknown",
        "1 1 5 1 2 -1 -1 4000000 -1 -1 1 7 3 -1 1 1 -1 -1|a job of 4000000 processors is more than"
            + " 1000000; mend or remove the line"
      })
  void aBadLineIsNamedWithItsNumber(String line, String message) throws IOException {
    Trace trace = read("; header", line, "2 0 -1 1 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1");
    assertEquals(List.of("voc: t.swf:2: " + message), trace.problems());
    assertEquals(1, trace.bad());
    assertEquals(1, trace.jobs().size());
  }

  @Test
  void ofManyBadLinesTheFirstAreNamedAndAllAreCounted() throws IOException {
    Trace trace = read("x\n".repeat(500).split("\n"));
    assertEquals(500, trace.bad());
    assertEquals(Trace.MOST_NAMED, trace.problems().size());
    assertTrue(
        trace.problems().getLast().startsWith("voc: t.swf:10: "), trace.problems()::toString);
  }

  @Test
  void whatNeverRanAndPartsOfJobsAreLeftOutAndCounted() throws IOException {
    Trace trace =
        read(
            "1 0 9 -1 -1 -1 -1 1 -1 -1 5 1 1 -1 -1 -1 -1 -1",
            "2 0 9 0 -1 -1 -1 1 -1 -1 5 1 1 -1 -1 -1 -1 -1",
            "3 0 9 40 -1 -1 -1 1 -1 -1 5 1 1 -1 -1 -1 -1 -1",
            "3 0 9 30 -1 -1 -1 1 -1 -1 2 1 1 -1 -1 -1 -1 -1",
            "3 0 9 10 -1 -1 -1 1 -1 -1 3 1 1 -1 -1 -1 -1 -1");
    assertEquals(List.of("3"), trace.jobs().stream().map(TraceJob::name).toList());
    assertEquals(
        Map.of(
            "were cancelled before they ran",
            2,
            "are parts of a job that has a line of its own",
            1),
        trace.leftOut());
  }

  @Test
  void ofAJobThatOnlyItsPartsTellTheRunTimesAddUp() throws IOException {
    Trace trace =
        read(
            "4 50 9 40 -1 -1 -1 1 -1 -1 2 1 1 -1 -1 -1 -1 -1",
            "5 10 9 40 -1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1",
            "4 70 9 15 -1 -1 -1 1 -1 -1 4 1 1 -1 -1 -1 -1 -1");
    assertEquals(List.of("5", "4"), trace.jobs().stream().map(TraceJob::name).toList());
    assertEquals(55_000, trace.jobs().getLast().runMs());
    assertEquals(40_000, trace.jobs().getLast().submitMs());
    assertEquals(Map.of(), trace.leftOut());
  }

  @Test
  void whatArchivesHaveInTheirLinesIsRead() throws IOException {
    Trace trace =
        read(
            "# a comment of another kind",
            "1\t-30\t5\t6\t2\t-1\t-1\t4\t-1\t-1\t1\t7\t3\t-1\t1\t1\t-1\t-1\r",
            "1 0 -4 6 2 9e99 -1 4 -1 -1 0 7 3 -7 1 1 x y ; the same number again",
            "2 10 5 6 2 -1 -1 0.5 -1 -1 1 7 3 -1 1 1 -1 -1 0 0");
    assertEquals(List.of(), trace.problems());
    assertEquals(
        List.of(0L, 30_000L, 40_000L), trace.jobs().stream().map(TraceJob::submitMs).toList());
    assertEquals(
        List.of("4", "4", "1"),
        trace.jobs().stream().map(job -> job.attributes().get("RequestCpus")).toList());
  }

  @Test
  void usersGroupsQueuesAndPartitionsHaveVos() throws IOException {
    UserVos users =
        UserVos.parse(
                "m", List.of("* 7 atlas", "* group:3 cms", "* queue:2 lhcb", "* partition:4 alice"))
            .map();
    Trace trace =
        read(
            DEFAULTS,
            users,
            "1 0 -1 5 1 -1 -1 1 -1 -1 1 7 3 -1 2 4 -1 -1",
            "2 0 -1 5 1 -1 -1 1 -1 -1 1 8 3 -1 2 4 -1 -1",
            "3 0 -1 5 1 -1 -1 1 -1 -1 1 8 9 -1 2 4 -1 -1",
            "4 0 -1 5 1 -1 -1 1 -1 -1 1 8 9 -1 1 4 -1 -1",
            "5 0 -1 5 1 -1 -1 1 -1 -1 1 8 9 -1 1 1 -1 -1");
    assertEquals(
        List.of("atlas", "cms", "lhcb", "alice"),
        trace.jobs().stream().map(job -> job.vo().value()).toList());
    assertEquals(Map.of("are of users in no VO, as user 8", 1), trace.leftOut());
  }

  @Test
  void aParallelJobCanBeSplit() throws IOException {
    Trace trace =
        read(
            new TraceDefaults(500, 2000, 100, true),
            UserVos.all(new VoName("cms")),
            "1 0 -1 5 3 -1 -1 -1 -1 -1 1 1 1 -1 -1 -1 -1 -1");
    assertEquals(List.of("1/0", "1/1", "1/2"), trace.jobs().stream().map(TraceJob::name).toList());
    assertEquals("1", trace.jobs().getFirst().attributes().get("RequestCpus"));
  }

  @Test
  void jobsAlikeShareTheirAttributes() throws IOException {
    Trace trace =
        read(
            "1 0 -1 5 1 -1 -1 1 -1 102400 1 7 3 -1 2 4 -1 -1",
            "2 0 -1 5 1 -1 -1 1 -1 130000 1 8 3 -1 2 4 -1 -1");
    assertSame(trace.jobs().getFirst().attributes(), trace.jobs().getLast().attributes());
  }
}
