package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobQueueMirrorTest {
  private static final String HEADER = "107 1 CreationTimestamp 1795409631\n";

  @TempDir Path spool;
  private Path log;
  private JobQueueMirror mirror;

  @BeforeEach
  void openMirror() {
    log = spool.resolve("job_queue.log");
    mirror = new JobQueueMirror(log);
    mirror.tellApartBy(List.of("VocVO", "RequestCpus", "RequestMemory", "Requirements"));
  }

  @Test
  void idleJobInheritsItsClustersAttributes() {
    write(HEADER + cluster(7, "cms", 2) + idleJob(7, 0) + idleJob(7, 1));
    assertAdvanced();
    JobGroup group = onlyGroup();
    assertEquals(2, group.idle());
    assertEquals("2", group.attributes().get("RequestCpus"));
    assertEquals(new JobId(7, 1), group.example());
  }

  @Test
  void jobsOwnValueGoesBeforeItsClusters() {
    write(
        HEADER + cluster(7, "cms", 2) + idleJob(7, 0) + idleJob(7, 1) + "103 7.1 RequestCpus 3\n");
    assertAdvanced();
    assertEquals(
        List.of("2", "3"),
        mirror.idlePayload().stream().map(g -> g.attributes().get("RequestCpus")).toList());
  }

  @Test
  void attributeDeletedFromTheJobHidesTheClusters() {
    write(HEADER + cluster(7, "cms", 2) + idleJob(7, 0) + "104 7.0 RequestCpus\n");
    assertAdvanced();
    assertEquals("undefined", onlyGroup().attributes().get("RequestCpus"));
  }

  @Test
  void jobThatStartsOrIsHeldOrRemovedLeavesDemand() {
    write(HEADER + cluster(7, "cms", 1) + idleJob(7, 0) + idleJob(7, 1) + idleJob(7, 2));
    assertAdvanced();
    append("103 7.0 JobStatus 2\n103 7.1 JobStatus 5\n102 7.2\n");
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    assertEquals(2, mirror.size());
    append("103 7.0 JobStatus 1\n");
    assertAdvanced();
    assertEquals(1, onlyGroup().idle());
  }

  @Test
  void changeOfTheClusterReachesItsJobs() {
    write(HEADER + cluster(7, "cms", 1) + idleJob(7, 0));
    assertAdvanced();
    append("103 07.-1 RequestCpus 4\n");
    assertAdvanced();
    assertEquals("4", onlyGroup().attributes().get("RequestCpus"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"103 07.-1 VocVO undefined", "103 07.-1 JobUniverse 7"})
  void jobOfNoVoOrOfAnotherUniverseIsNoDemand(String line) {
    write(HEADER + cluster(7, "cms", 1) + line + "\n" + idleJob(7, 0));
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
  }

  @Test
  void nodeJobIsSupplyAndCountsOnlyFromItsVosAccount() {
    String node = "103 08.-1 VocNodeJob true\n103 08.-1 Voc \"cms\"\n103 8.0 VocNode \"cms-a\"\n";
    write(HEADER + cluster(8, "cms", 1) + "103 08.-1 Owner \"voc-cms\"\n" + node + idleJob(8, 0));
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    assertEquals(List.of("cms-a"), mirror.nodeJobs().stream().map(NodeJob::node).toList());
    append("103 08.-1 Owner \"mallory\"\n");
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    assertEquals(List.of(), mirror.nodeJobs());
  }

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
  void nodeJobThatLeavesTheQueueIsToldOnce() {
    String node =
        "103 08.-1 Owner \"voc-cms\"\n103 08.-1 VocNodeJob true\n103 8.0 VocNode \"cms-a\"\n";
    write(HEADER + cluster(8, "cms", 1) + node + idleJob(8, 0) + "103 8.0 JobStatus 2\n");
    assertAdvanced();
    assertEquals(List.of(), mirror.takeEnded());
    append("105 \n103 8.0 JobStatus 4\n106 \n105 \n102 8.0\n106 \n");
    assertAdvanced();
    List<NodeJob> ended = mirror.takeEnded();
    assertEquals(List.of("cms-a"), ended.stream().map(NodeJob::node).toList());
    assertEquals(JobStatus.COMPLETED, ended.getFirst().status());
    assertEquals(List.of(), mirror.takeEnded());
  }

  @Test
  void nodeJobMissingFromACompactedLogHasEnded() {
    String node =
        "103 08.-1 Owner \"voc-cms\"\n103 08.-1 VocNodeJob true\n103 8.0 VocNode \"cms-a\"\n";
    write(HEADER + cluster(8, "cms", 1) + node + idleJob(8, 0));
    assertAdvanced();
    replace("107 2 CreationTimestamp 1795409631\n");
    assertAdvanced();
    assertEquals(List.of("cms-a"), mirror.takeEnded().stream().map(NodeJob::node).toList());
  }

  @Test
  void attributeAskedForLaterIsReadFromTheStart() {
    write(HEADER + cluster(7, "cms", 1) + "103 07.-1 Wanted \"x\"\n" + idleJob(7, 0));
    assertAdvanced();
    mirror.tellApartBy(List.of("wanted"));
    assertAdvanced();
    assertEquals("\"x\"", onlyGroup().attributes().get("wanted"));
    mirror.tellApartBy(List.of("WANTED"));
    assertInstanceOf(LogReading.Unchanged.class, mirror.poll());
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
  void recordedLogIsUnderstood() throws IOException {
    Files.write(log, recorded("job_queue-23.9.6.log"));
    assertAdvanced();
    assertEquals(6, mirror.size());
    JobGroup group = onlyGroup();
    assertEquals(2, group.idle());
    assertEquals("1024", group.attributes().get("RequestMemory"));
    NodeJob node = mirror.nodeJobs().getFirst();
    assertEquals("cms-aaaaaaaa", node.node());
    assertTrue(node.isQueued());
    assertEquals(List.of(), mirror.takeEnded());
  }

  @Test
  void nodeJobsEndInARecordedLogIsToldWhenItHappens() throws IOException {
    byte[] whole = recorded("job_queue-23.9.6.log");
    int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("102 1.1");
    Files.write(log, Arrays.copyOf(whole, end));
    assertAdvanced();
    Files.write(log, Arrays.copyOfRange(whole, end, whole.length), StandardOpenOption.APPEND);
    assertAdvanced();
    NodeJob ended = mirror.takeEnded().getFirst();
    assertEquals("cms-bbbbbbbb", ended.node());
    assertEquals(JobStatus.REMOVED, ended.status());
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

  @Test
  void recordedCompactedLogSaysTheSame() throws IOException {
    Files.write(log, recorded("job_queue-23.9.6-compacted.log"));
    assertAdvanced();
    assertEquals(6, mirror.size());
    assertEquals(JobStatus.REMOVED, mirror.nodeJobs().getFirst().status());
    assertEquals(1, onlyGroup().idle());
  }

  private static String cluster(int cluster, String vo, int cpus) {
    String key = "0" + cluster + ".-1";
    return "101 %1$s Job Machine\n103 %1$s JobUniverse 5\n103 %1$s VocVO \"%2$s\"\n103 %1$s RequestCpus %3$d\n"
        .formatted(key, vo, cpus);
  }

  private static String idleJob(int cluster, int proc) {
    return "101 %1$d.%2$d Job Machine\n103 %1$d.%2$d ProcId %2$d\n103 %1$d.%2$d JobStatus 1\n"
        .formatted(cluster, proc);
  }

  private void assertAdvanced() {
    assertInstanceOf(LogReading.Advanced.class, mirror.poll());
  }

  private JobGroup onlyGroup() {
    assertEquals(1, mirror.idlePayload().size(), () -> mirror.idlePayload().toString());
    return mirror.idlePayload().getFirst();
  }

  private void write(String text) {
    try {
      Files.writeString(log, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(String text) {
    try {
      Files.writeString(log, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the schedd does it: a new file, renamed over the old one. */
  private void replace(String text) {
    try {
      Path temporary =
          Files.writeString(spool.resolve("job_queue.log.tmp"), text, StandardCharsets.UTF_8);
      Files.move(temporary, log, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] recorded(String name) throws IOException {
    try (InputStream in = JobQueueMirrorTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
