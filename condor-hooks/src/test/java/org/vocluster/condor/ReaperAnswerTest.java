package org.vocluster.condor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaperAnswerTest {
  @Test
  void isReadAsItWasWritten() {
    ReaperAnswer ended = new ReaperAnswer(new JobId(12, 0), true, "cms-a");
    ReaperAnswer refused = new ReaperAnswer(new JobId(1, 10), false, "it does not run");
    assertEquals("12.0 ended: cms-a", ended.line());
    assertEquals(Optional.of(ended), ReaperAnswer.read(ended.line()));
    assertEquals(Optional.of(refused), ReaperAnswer.read(refused.line()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12.0", "12 ended: a", "12.0 done", "rm ended: 1.0 ended: x"})
  void anythingElseIsNone(String line) {
    assertEquals(Optional.empty(), ReaperAnswer.read(line));
  }

  @Test
  void jobsNumberIsReadInOneWayOnly() {
    assertEquals(Optional.of(new JobId(12, 0)), JobId.read("12.0"));
    assertEquals(
        Optional.of(new JobId(999_999_999, 999_999_999)), JobId.read("999999999.999999999"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "12",
        "12.",
        ".0",
        "0.0",
        "-1.0",
        "+1.0",
        "01.0",
        "1.00",
        "1.0 ",
        " 1.0",
        "1.0.0",
        "1,0",
        "9999999999.0",
        "1.-1",
        "\u0661.0",
        "12.0\u0000"
      })
  void whatIsNoJobsNumberIsNone(String text) {
    assertEquals(Optional.empty(), JobId.read(text));
  }
}
