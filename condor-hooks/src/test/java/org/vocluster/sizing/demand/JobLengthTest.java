package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.NewForm;

class JobLengthTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          VocRunSeconds = 7200                                                    | 7200
          VocRunSeconds = 7200; AllowedExecuteDuration = 60                       | 7200
          VocRunSeconds = 7199.2                                                  | 7200
          AllowedExecuteDuration = 3600                                           | 3600
          AllowedJobDuration = 1800                                               | 1800
          AllowedExecuteDuration = 3600; AllowedJobDuration = 1800                | 1800
          AllowedExecuteDuration = 60 * Minutes; Minutes = 30                     | 1800
          VocRunSeconds = 9223372036854775807                                     | 9223372036854775807
          VocRunSeconds = 1.0e300                                                 | 9223372036854775807
          VocRunSeconds = real("INF")                                             | 9223372036854775807
          RequestCpus = 1                                                         | 0
          VocRunSeconds = "7200"                                                  | 0
          VocRunSeconds = undefined; AllowedJobDuration = 1800                    | 0
          VocRunSeconds = TARGET.VocDeathTime - 5                                 | 0
          VocRunSeconds = true                                                    | 0
          VocRunSeconds = -1                                                      | 0
          VocRunSeconds = real("NaN")                                             | 0
          VocRunSeconds = { 1 }                                                   | 0
          VocRunSeconds = VocRunSeconds                                           | 0
          AllowedExecuteDuration = "3600"; AllowedJobDuration = 1800              | 1800
          AllowedExecuteDuration = -1; AllowedJobDuration = 1800                  | 1800
          AllowedExecuteDuration = 1.5e3                                          | 0
          """)
  void lengthIsANumberThatTheJobSettlesAlone(String job, long seconds) throws Exception {
    assertEquals(
        seconds, JobLength.seconds(NewForm.parse("[ " + job + " ]"), EvalContext.DEFAULT), job);
  }

  @Test
  void bootAndNegotiationArePartOfANodesLife() {
    assertEquals(86_100, JobLength.longest(86_400));
    assertEquals(540, JobLength.longest(600));
    assertEquals(1, JobLength.longest(1));
  }
}
