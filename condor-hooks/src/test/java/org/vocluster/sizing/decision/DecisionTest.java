package org.vocluster.sizing.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vocluster.sizing.decision.Decision.Verdict;

class DecisionTest {
  @ParameterizedTest
  @EnumSource
  void verdictsAreReadAsTheyArePublished(Verdict verdict) {
    assertEquals(Optional.of(verdict), Verdict.of(verdict.published()));
  }

  @Test
  void noOtherWordIsAVerdict() {
    assertEquals(Optional.empty(), Verdict.of(""));
    assertEquals(Optional.empty(), Verdict.of("SUBMIT"));
  }
}
