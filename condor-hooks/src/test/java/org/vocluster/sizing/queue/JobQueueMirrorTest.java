package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.RunningPayload;

class JobQueueMirrorTest extends AJobQueueLog {
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
  void payloadIsFoundByTheNodeThatItRunsIn() {
    String owner = "103 07.-1 Owner \"alice\"\n";
    write(HEADER + cluster(7, "cms", 1) + owner + idleJob(7, 0) + idleJob(7, 1) + idleJob(7, 2));
    assertAdvanced();
    assertEquals(List.of(), mirror.hosts());
    append(runs("7.0", "slot1_1@cms-a") + runs("7.1", "slot1_2@cms-a") + runs("7.2", "cms-b"));
    assertAdvanced();
    assertEquals(
        List.of(
            new RunningPayload(new JobId(7, 0), "alice", "cms"),
            new RunningPayload(new JobId(7, 1), "alice", "cms")),
        mirror.payloadOn("cms-a"));
    assertEquals(1, mirror.payloadOn("cms-b").size());
    append("103 7.0 JobStatus 3\n103 7.1 JobStatus 5\n");
    assertAdvanced();
    assertEquals(2, mirror.payloadOn("cms-a").size());
    // One comes back, one completes, one starts elsewhere.
    append("103 7.0 JobStatus 1\n104 7.0 RemoteHost\n102 7.1\n" + runs("7.2", "slot1@cms-c"));
    assertAdvanced();
    assertEquals(List.of("cms-c"), mirror.hosts());
    assertEquals(List.of(), mirror.payloadOn("cms-a"));
    assertEquals(List.of(), mirror.payloadOn("cms-b"));
  }

  @Test
  void nodeJobIsNoPayloadOfItsHost() {
    write(
        HEADER
            + cluster(8, "cms", 1)
            + "103 08.-1 VocNodeJob true\n103 08.-1 Voc \"cms\"\n"
            + idleJob(8, 0)
            + runs("8.0", "slot1_1@pad1"));
    assertAdvanced();
    assertEquals(List.of("pad1"), mirror.hosts());
    assertEquals(List.of(), mirror.payloadOn("pad1"));
  }

  /** As the schedd writes it when a shadow starts. */
  private static String runs(String job, String slot) {
    return "105\n103 %1$s RemoteHost \"%2$s\"\n103 %1$s JobStatus 2\n106\n".formatted(job, slot);
  }

  @Test
  void nodeJobIsSupplyAndCountsOnlyFromItsVosAccount() {
    String node = "103 08.-1 VocNodeJob true\n103 08.-1 Voc \"cms\"\n103 8.0 VocNode \"cms-a\"\n";
    write(HEADER + cluster(8, "cms", 1) + "103 08.-1 Owner \"voc-cms\"\n" + idleJob(8, 0) + node);
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    assertEquals(
        List.of("cms-a"), mirror.nodeJobs().stream().map(job -> job.node().value()).toList());
    append("103 08.-1 Owner \"mallory\"\n");
    assertAdvanced();
    assertEquals(List.of(), mirror.idlePayload());
    assertEquals(List.of(), mirror.nodeJobs());
  }

  @Test
  void nodeJobThatLeavesTheQueueIsToldOnce() {
    String node =
        "103 08.-1 Owner \"voc-cms\"\n103 08.-1 VocNodeJob true\n103 08.-1 Voc \"cms\"\n103 8.0 VocNode \"cms-a\"\n";
    write(HEADER + cluster(8, "cms", 1) + idleJob(8, 0) + node + "103 8.0 JobStatus 2\n");
    assertAdvanced();
    assertEquals(List.of(), mirror.takeEnded());
    append("105 \n103 8.0 JobStatus 4\n106 \n105 \n102 8.0\n106 \n");
    assertAdvanced();
    List<NodeJob> ended = mirror.takeEnded();
    assertEquals(List.of("cms-a"), ended.stream().map(job -> job.node().value()).toList());
    assertEquals(JobStatus.COMPLETED, ended.getFirst().status());
    assertEquals(List.of(), mirror.takeEnded());
  }

  @Test
  void nodeJobMissingFromACompactedLogHasEnded() {
    String node =
        "103 08.-1 Owner \"voc-cms\"\n103 08.-1 VocNodeJob true\n103 08.-1 Voc \"cms\"\n103 8.0 VocNode \"cms-a\"\n";
    write(HEADER + cluster(8, "cms", 1) + idleJob(8, 0) + node);
    assertAdvanced();
    replace("107 2 CreationTimestamp 1795409631\n");
    assertAdvanced();
    assertEquals(
        List.of("cms-a"), mirror.takeEnded().stream().map(job -> job.node().value()).toList());
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

  @Test
  void recordedLogIsUnderstood() throws IOException {
    Files.write(log, recorded("job_queue-23.9.6.log"));
    assertAdvanced();
    assertEquals(6, mirror.size());
    JobGroup group = onlyGroup();
    assertEquals(2, group.idle());
    assertEquals("1024", group.attributes().get("RequestMemory"));
    NodeJob node = mirror.nodeJobs().getFirst();
    assertEquals("cms-aaaaaaaa", node.node().value());
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
    assertEquals("cms-bbbbbbbb", ended.node().value());
    assertEquals(JobStatus.REMOVED, ended.status());
  }

  @Test
  void recordedCompactedLogSaysTheSame() throws IOException {
    Files.write(log, recorded("job_queue-23.9.6-compacted.log"));
    assertAdvanced();
    assertEquals(6, mirror.size());
    assertEquals(JobStatus.REMOVED, mirror.nodeJobs().getFirst().status());
    assertEquals(1, onlyGroup().idle());
  }
}
