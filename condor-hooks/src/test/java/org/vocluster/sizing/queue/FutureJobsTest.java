package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.sizing.reading.JobGroup;

/** Jobs of submissions with late materialisation. */
class FutureJobsTest extends AJobQueueLog {
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
}
