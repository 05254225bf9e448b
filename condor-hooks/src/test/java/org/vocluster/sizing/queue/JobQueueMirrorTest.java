package org.vocluster.sizing.queue;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.NewForm;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;

class JobQueueMirrorTest {
  private static final String HEADER = "107 1 CreationTimestamp 1795409631\n";

  @TempDir Path spool;
  private Path log;
  private JobQueueMirror mirror;

  @BeforeEach
  void openMirror() {
    log = spool.resolve("job_queue.log");
    mirror = new JobQueueMirror(log);
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
    write(HEADER + cluster(8, "cms", 1) + "103 08.-1 Owner \"voc-cms\"\n" + idleJob(8, 0) + node);
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
    write(HEADER + cluster(8, "cms", 1) + idleJob(8, 0) + node + "103 8.0 JobStatus 2\n");
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
    write(HEADER + cluster(8, "cms", 1) + idleJob(8, 0) + node);
    assertAdvanced();
    replace("107 2 CreationTimestamp 1795409631\n");
    assertAdvanced();
    assertEquals(List.of("cms-a"), mirror.takeEnded().stream().map(NodeJob::node).toList());
  }

  @Test
  void attributeThatASlotLooksAtTellsJobsApart() throws ClassAdSyntaxException {
    write(
        HEADER
            + cluster(7, "cms", 1)
            + idleJob(7, 0)
            + "103 7.0 Wanted \"x\"\n103 7.0 Other 1\n"
            + idleJob(7, 1)
            + "103 7.1 Other 2\n");
    assertAdvanced();
    assertEquals(2, onlyGroup().idle());
    mirror.tellApartBy(
        new Significance(
            List.of(NewForm.parse("[ Requirements = Start; Start = TARGET.wanted == \"x\" ]"))));
    assertAdvanced();
    assertEquals(
        List.of("\"x\"", "none"),
        mirror.idlePayload().stream()
            .map(group -> group.attributes().getOrDefault("wanted", "none"))
            .sorted()
            .toList());
    assertInstanceOf(LogReading.Unchanged.class, mirror.poll());
  }

  @Test
  void attributesThatRequirementsLeadToTellJobsApartAndNoOthers() {
    write(HEADER);
    assertAdvanced();
    append(
        "105 \n"
            + cluster(7, "cms", 1)
            + "103 07.-1 Requirements TARGET.Site == MY.Wish && Age > 1\n"
            + "103 07.-1 Wish strcat(Prefix, \"x\")\n103 07.-1 Prefix \"a\"\n103 07.-1 Age 2\n"
            + "103 07.-1 Site \"own\"\n"
            + idleJob(7, 0)
            + idleJob(7, 1)
            + "103 7.1 Prefix \"b\"\n"
            + idleJob(7, 2)
            + "103 7.2 Site \"not looked at\"\n106 \n");
    assertAdvanced();
    assertEquals(2, mirror.idlePayload().size());
    JobGroup first =
        mirror.idlePayload().stream().filter(group -> group.idle() == 2).findFirst().orElseThrow();
    assertEquals("\"a\"", first.attributes().get("prefix"));
    assertEquals("2", first.attributes().get("age"));
    assertTrue(!first.attributes().containsKey("Site"), first.toString());
    assertTrue(!first.attributes().containsKey("site"), first.toString());
  }

  @Test
  void attributeThatMattersToNewAndOldJobsIsFoundForBoth() {
    write(
        HEADER
            + cluster(7, "cms", 1)
            + idleJob(7, 0)
            + "103 7.0 Wish \"old\"\n"
            + cluster(8, "cms", 1)
            + idleJob(8, 0));
    assertAdvanced();
    append(
        "103 07.-1 Requirements Wish == TARGET.Site\n"
            + cluster(9, "cms", 1)
            + "103 09.-1 Requirements Wish == TARGET.Site\n"
            + idleJob(9, 0)
            + "103 9.0 Wish \"new\"\n");
    assertAdvanced();
    assertEquals(
        List.of("\"new\"", "\"old\"", "none"),
        mirror.idlePayload().stream()
            .map(group -> group.attributes().getOrDefault("wish", "none"))
            .sorted()
            .toList());
  }

  @Test
  void attributeOfAnUncommittedTransactionIsNotMissed() {
    write(HEADER + cluster(7, "cms", 1) + idleJob(7, 0));
    assertAdvanced();
    append("105 \n103 7.0 Wish \"x\"\n");
    mirror.poll();
    append("103 7.0 Requirements Wish == TARGET.Site\n");
    mirror.poll();
    assertEquals(null, onlyGroup().attributes().get("wish"));
    append("106 \n");
    assertAdvanced();
    assertEquals("\"x\"", onlyGroup().attributes().get("wish"));
  }

  @Test
  void jobThatComputesNamesKeepsAllItsAttributes() {
    write(
        HEADER
            + cluster(7, "cms", 1)
            + "103 07.-1 Requirements eval(strcat(\"Se\", \"cret\")) == 1\n103 07.-1 Secret 1\n"
            + idleJob(7, 0)
            + idleJob(7, 1)
            + cluster(8, "cms", 1)
            + "103 08.-1 Secret 2\n"
            + idleJob(8, 0)
            + idleJob(8, 1)
            + "103 8.1 Secret 3\n");
    assertAdvanced();
    assertEquals(3, mirror.idlePayload().size(), () -> mirror.idlePayload().toString());
    assertEquals(
        2,
        mirror.idlePayload().stream()
            .filter(group -> "1".equals(group.attributes().get("Secret")))
            .count());
    append("103 7.1 Secret 5\n103 8.1 Secret 6\n");
    assertAdvanced();
    assertTrue(
        mirror.idlePayload().stream()
            .anyMatch(group -> "5".equals(group.attributes().get("Secret"))));
  }

  @Test
  void moreSubmissionsThatComputeNamesThanAreKeptAreSaidToBeUnclear() {
    StringBuilder text = new StringBuilder(HEADER);
    for (int cluster = 1; cluster <= 210; cluster++) {
      text.append(cluster(cluster, "cms", 1))
          .append("103 0%d.-1 Requirements eval(\"x\")\n".formatted(cluster))
          .append(idleJob(cluster, 0));
    }
    write(text.toString());
    assertAdvanced();
    assertEquals(210, mirror.idlePayload().stream().mapToInt(JobGroup::idle).sum());
    assertEquals(
        10,
        mirror.idlePayload().stream()
            .filter(group -> !group.unclear().isEmpty())
            .mapToInt(JobGroup::idle)
            .sum());
  }

  @Test
  void attributesThatNoJobLooksAtAnyLongerAreForgottenWhenTheLogIsCompacted() {
    String odd = "103 07.-1 Requirements Odd == 1\n103 07.-1 Odd 1\n";
    write(HEADER + cluster(7, "cms", 1) + odd + idleJob(7, 0));
    assertAdvanced();
    assertTrue(onlyGroup().attributes().containsKey("odd"));
    replace("107 2 CreationTimestamp 1\n" + cluster(8, "cms", 1) + idleJob(8, 0));
    assertAdvanced();
    replace("107 3 CreationTimestamp 1\n" + cluster(7, "cms", 1) + odd + idleJob(7, 0));
    assertAdvanced();
    assertEquals("1", onlyGroup().attributes().get("odd"));
  }

  @Test
  void jobIsDemandInNoStateButIdle() {
    StringBuilder text = new StringBuilder(HEADER + cluster(7, "cms", 1));
    for (int status = 1; status <= 7; status++) {
      text.append(idleJob(7, status)).append("103 7.%1$d JobStatus %1$d\n".formatted(status));
    }
    text.append(idleJob(7, 8)).append("103 7.8 JobStatus 5\n103 7.8 HoldReasonCode 16\n");
    text.append(cluster(8, "atlas", 1)).append(idleJob(8, 0));
    write(text.toString());
    assertAdvanced();
    assertEquals(9, mirror.size());
    assertEquals(
        List.of("\"atlas\" 1 8.0", "\"cms\" 1 7.1"),
        mirror.idlePayload().stream()
            .map(
                group ->
                    group.attributes().get("VocVO") + " " + group.idle() + " " + group.example())
            .sorted()
            .toList());
    append("103 7.8 JobStatus 1\n104 7.8 HoldReasonCode\n102 7.1\n102 7.2\n102 8.0\n");
    assertAdvanced();
    assertEquals(6, mirror.size());
    assertEquals(1, onlyGroup().idle());
    assertEquals(new JobId(7, 8), onlyGroup().example());
  }

  /** As HTCondor 23.9.6 and 25.14.1 write it: the first job's values stand in the cluster. */
  private static String factory(int cluster, int total, String limits) {
    return cluster(cluster, "cms", 1)
        + """
        103 0%1$d.-1 JobMaterializeDigestFile "/var/spool/condor/2/condor_submit.2.digest"
        103 0%1$d.-1 JobMaterializeNextProcId 0
        103 0%1$d.-1 TotalSubmitProcs %2$d
        """
            .formatted(cluster, total)
        + limits.replace("KEY", "0" + cluster + ".-1");
  }

  private static String materialise(int cluster, int proc) {
    return "103 0%1$d.-1 JobMaterializeNextProcId %2$d\n".formatted(cluster, proc + 1)
        + idleJob(cluster, proc);
  }

  @Test
  void unmaterialisedJobsCountAsFarAsTheyWouldBeMade() {
    String limits = "103 KEY JobMaterializeLimit 100\n103 KEY JobMaterializeMaxIdle 5\n";
    write(HEADER + "105 \n" + factory(7, 100, limits) + "106 \n");
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    for (int proc = 0; proc < 5; proc++) {
      append("105 \n" + materialise(7, proc) + "106 \n");
    }
    assertAdvanced();
    assertEquals(10, onlyGroup().idle());
    assertEquals(5, mirror.size());
    append("103 7.0 JobStatus 2\n103 7.1 JobStatus 5\n");
    assertAdvanced();
    assertEquals(3 + 4, onlyGroup().idle());
    append("103 07.-1 JobMaterializePaused 1\n");
    assertAdvanced();
    assertEquals(3, onlyGroup().idle());
    append("103 07.-1 JobMaterializePaused 0\n102 7.1\n");
    assertAdvanced();
    assertEquals(3 + 5, onlyGroup().idle());
    append("103 07.-1 JobMaterializeNextProcId 98\n");
    assertAdvanced();
    assertEquals(3 + 2, onlyGroup().idle());
    append("104 07.-1 JobMaterializeMaxIdle\n102 7.0\n102 7.2\n102 7.3\n102 7.4\n");
    assertAdvanced();
    assertEquals(0, mirror.size());
    assertEquals(2, onlyGroup().idle());
    append("102 07.-1\n");
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
  }

  @Test
  void materialisationLimitCountsJobsInTheQueue() {
    write(HEADER + factory(7, 10, "103 KEY JobMaterializeLimit 3\n"));
    for (int proc = 0; proc < 3; proc++) {
      append(materialise(7, proc));
    }
    assertAdvanced();
    assertEquals(3, onlyGroup().idle());
    append("103 7.0 JobStatus 2\n");
    assertAdvanced();
    assertEquals(2, onlyGroup().idle());
    append("102 7.0\n");
    assertAdvanced();
    assertEquals(3, onlyGroup().idle());
    assertEquals(2, mirror.size());
  }

  @Test
  void unmaterialisedJobsAreLikeTheNewestOne() {
    String limits = "103 KEY JobMaterializeLimit 9\n103 KEY JobMaterializeMaxIdle 2\n";
    write(
        HEADER
            + factory(7, 9, limits)
            + materialise(7, 0)
            + materialise(7, 1)
            + "103 7.1 RequestCpus 4\n");
    assertAdvanced();
    assertEquals(
        List.of("1 1", "4 3"),
        mirror.idlePayload().stream()
            .map(group -> group.attributes().get("RequestCpus") + " " + group.idle())
            .sorted()
            .toList());
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

  /**
   * Two factories, {@code max_idle = 5, queue 100} and {@code max_materialize = 7, queue 2 mem
   * from} five rows, and what condor_q said of them at that moment.
   */
  @ParameterizedTest
  @CsvSource({"job_queue-23.9.6-factory.log, 2", "job_queue-25.14.1-factory.log, 5"})
  void recordedFactoriesAreUnderstood(String name, int running) throws IOException {
    Files.write(log, recorded(name));
    assertAdvanced();
    assertEquals(12 + running, mirror.size());
    assertEquals(12 + 5, mirror.idlePayload().stream().mapToInt(JobGroup::idle).sum());
    assertEquals(
        List.of("100 12", "200 2", "300 2", "400 1"),
        mirror.idlePayload().stream()
            .map(group -> group.attributes().get("RequestMemory") + " " + group.idle())
            .sorted()
            .toList());
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
