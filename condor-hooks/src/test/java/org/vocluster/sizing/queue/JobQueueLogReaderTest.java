package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.condor.JobId;

/** How the log is followed, seen in the mirror. */
class JobQueueLogReaderTest extends AJobQueueLog {
  @Test
  void uncommittedTransactionIsNotApplied() {
    write(HEADER + "105 \n" + cluster(7, "cms", 1) + idleJob(7, 0));
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    append("106 \n");
    assertAdvanced();
    assertEquals(1, onlyGroup().idle());
  }

  @Test
  void transactionBegunAnewDropsTheUnfinishedOne() {
    write(HEADER + "105 \n" + cluster(7, "cms", 1) + idleJob(7, 0) + "105 \n106 # comment\n");
    assertAdvanced();
    assertEquals(0, mirror.size());
  }

  @Test
  void lineWithoutItsEndWaitsForTheRest() {
    write(HEADER + cluster(7, "cms", 1) + "101 7.0 Job Machine\n103 7.0 JobSta");
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    assertInstanceOf(LogReading.Unchanged.class, mirror.poll());
    append("tus 1\n");
    assertAdvanced();
    assertEquals(1, onlyGroup().idle());
  }

  @Test
  void lookWithoutNewsCostsNoReading() {
    write(HEADER + cluster(7, "cms", 1));
    assertAdvanced();
    assertInstanceOf(LogReading.Unchanged.class, mirror.poll());
  }

  @Test
  void onlyWhatWasAppendedIsRead() {
    write(HEADER + cluster(7, "cms", 1) + idleJob(7, 0));
    assertAdvanced();
    append("103 7.0 JobStatus 2\n");
    assertEquals(new LogReading.Advanced(1, false), mirror.poll());
  }

  @Test
  void compactedLogIsReadFromItsStart() {
    write(HEADER + cluster(7, "cms", 1) + idleJob(7, 0) + idleJob(7, 1));
    assertAdvanced();
    replace("107 2 CreationTimestamp 1795409631\n" + cluster(7, "cms", 1) + idleJob(7, 1));
    assertTrue(assertInstanceOf(LogReading.Advanced.class, mirror.poll()).fromStart());
    assertEquals(1, onlyGroup().idle());
  }

  @Test
  void logRewrittenInPlaceIsNoticedByItsHeader() {
    write(HEADER + cluster(7, "cms", 1));
    assertAdvanced();
    write("107 2 CreationTimestamp 1795409700\n" + cluster(9, "cms", 1) + idleJob(9, 0) + "105 \n");
    assertAdvanced();
    assertEquals(new JobId(9, 0), onlyGroup().example());
    write("107 3 CreationTimestamp 1795409800\n");
    assertAdvanced();
    assertEquals(0, mirror.size());
  }

  @Test
  void transactionLargerThanTheBufferIsAppliedWhenItEnds() {
    StringBuilder text = new StringBuilder(HEADER + "105 \n" + cluster(7, "cms", 1));
    String filler = "x".repeat(10_000);
    for (int proc = 0; proc < 300; proc++) {
      text.append(idleJob(7, proc)).append("103 7.%d Args \"%s\"\n".formatted(proc, filler));
    }
    write(text.toString());
    assertAdvanced();
    assertEquals(0, mirror.size());
    append("103 7.0 Args \"" + "y".repeat(3_000_000) + "\"\n106 \n" + cluster(8, "cms", 1));
    assertAdvanced();
    assertEquals(300, onlyGroup().idle());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "10",
        "103 7.0 JobStatus",
        "103 7.x JobStatus 1",
        "104 7.0",
        "101 ",
        "110 7.0 x",
        "107 2 CreationTimestamp 1",
        "103 99999999999.0 JobStatus 1",
      })
  void malformedLineMakesTheReadingUnknownUntilTheLogIsRewritten(String line) {
    write(HEADER + cluster(7, "cms", 1) + line + "\n");
    String why = assertInstanceOf(LogReading.Unknown.class, mirror.poll()).why();
    long offset = (HEADER + cluster(7, "cms", 1)).length();
    assertTrue(why.startsWith("voc: " + log + ": byte " + offset + ": "), why);
    append(idleJob(7, 0));
    assertEquals(new LogReading.Unknown(why), mirror.poll());
    replace("107 2 CreationTimestamp 1795409631\n");
    assertAdvanced();
  }

  @Test
  void logWithoutHeaderIsUnknown() {
    write("101 7.0 Job Machine\n");
    assertInstanceOf(LogReading.Unknown.class, mirror.poll());
  }

  @Test
  void missingLogIsUnknownAndIsFoundWhenItAppears() {
    String why = assertInstanceOf(LogReading.Unknown.class, mirror.poll()).why();
    assertTrue(why.contains("there is no such file"), why);
    write(HEADER);
    assertAdvanced();
  }

  @Test
  void recordedLogCanBeCutAnywhere() throws IOException {
    byte[] whole = recorded("job_queue-23.9.6.log");
    for (int cut = 0; cut < whole.length; cut += 97) {
      try (JobQueueMirror other = new JobQueueMirror(log)) {
        Files.write(log, Arrays.copyOf(whole, cut));
        assertTrue(!(other.poll() instanceof LogReading.Unknown));
        Files.write(log, Arrays.copyOfRange(whole, cut, whole.length), StandardOpenOption.APPEND);
        other.poll();
        assertEquals(6, other.size());
        assertEquals(2, other.idlePayload().getFirst().idle());
      }
    }
  }
}
