package org.vocluster.condor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InForceTest {
  private static final String PRINTED =
      """
      Not defined: NO_SUCH_THING
      SUBMIT_REQUIREMENT_NAMES =  VocVOIsOwn SiteReq
       # at: /etc/condor/condor_config.local, line 84
       # raw: SUBMIT_REQUIREMENT_NAMES =  $(SUBMIT_REQUIREMENT_NAMES) SiteReq

       # the remote HTCondor version does not support -raw or -verbose
      JOB_TRANSFORM_VOCJOB @=end
         EVALSET VocVO 1 = 1
      TRUST_DOMAIN = of the text
      @end
       # at: /usr/share/condor/config.d/50-voc-ap.conf, line 75
       # raw:
       #   JOB_TRANSFORM_VOCJOB = EVALSET VocVO 1 = 1

      MAX_JOBS_RUNNING = MIN({24105, 10000})
       # at: <Default>
       # raw: MAX_JOBS_RUNNING = MIN({$(DETECTED_MEMORY), 10000})

      JOB_TRANSFORM_NAMES = A B
       # at: AUTO_USE_FEATURE_X, line 0, use FEATURE:X+11
      """;

  @Test
  void settingsHaveTheirValueAndTheFileThatSaidThemLast() {
    InForce inForce =
        InForce.read(
            PRINTED,
            List.of(
                "NO_SUCH_THING",
                "Submit_Requirement_Names",
                "JOB_TRANSFORM_VocJob",
                "MAX_JOBS_RUNNING",
                "JOB_TRANSFORM_NAMES",
                "TRUST_DOMAIN"));
    assertEquals(
        Optional.of(new InForce.Setting("VocVOIsOwn SiteReq", "/etc/condor/condor_config.local")),
        inForce.of("SUBMIT_REQUIREMENT_NAMES"));
    assertEquals(
        Optional.of(
            new InForce.Setting(
                "EVALSET VocVO 1 = 1\nTRUST_DOMAIN = of the text",
                "/usr/share/condor/config.d/50-voc-ap.conf")),
        inForce.of("JOB_TRANSFORM_VocJob"));
    assertEquals("<Default>", inForce.of("MAX_JOBS_RUNNING").orElseThrow().source());
    assertEquals(
        new InForce.Setting("A B", "AUTO_USE_FEATURE_X"),
        inForce.of("JOB_TRANSFORM_NAMES").orElseThrow());
    assertEquals(Optional.empty(), inForce.of("NO_SUCH_THING"));
    assertEquals(Optional.empty(), inForce.of("TRUST_DOMAIN"));
    assertEquals("", inForce.value("TRUST_DOMAIN"));
  }
}
