package org.vocluster.sizing.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.condor.JobStatus;

class NodePhaseTest {
  @ParameterizedTest
  @CsvSource({
    "IDLE,                 0, false, QUEUED",
    "HELD,                16, false, QUEUED",
    "HELD,                34, false, HELD",
    "RUNNING,              0, false, BOOTING",
    "RUNNING,              0, true,  JOINED",
    "TRANSFERRING_OUTPUT,  0, true,  JOINED",
    "SUSPENDED,            0, false, BOOTING",
    "REMOVED,              0, true,  ENDING",
    "COMPLETED,            0, false, ENDING",
    "UNKNOWN,              0, true,  UNKNOWN",
  })
  void jobAndSlotsTellThePhase(JobStatus status, long holdCode, boolean inPool, NodePhase phase) {
    assertEquals(phase, NodePhase.of(status, holdCode, inPool));
  }
}
