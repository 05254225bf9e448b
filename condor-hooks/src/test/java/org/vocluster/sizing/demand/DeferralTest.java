package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.NewForm;

class DeferralTest {
  @Test
  void jobThatNothingHoldsBackIsNotDeferred() throws ClassAdSyntaxException {
    assertEquals(Optional.empty(), of("DeferralPrepTime = 300; ScheddInterval = 60"));
  }

  @Test
  void jobRunsInTheSecondAfterItsCoolDown() throws ClassAdSyntaxException {
    assertEquals(
        Optional.of(new Deferral(101, Deferral.Why.COOL_DOWN)), of("JobCoolDownExpiration = 100"));
  }

  @Test
  void deferredJobRunsWhenItsSlotMayPrepare() throws ClassAdSyntaxException {
    assertEquals(
        Optional.of(new Deferral(640, Deferral.Why.DEFERRED_START)),
        of("DeferralTime = 900 + 100; DeferralPrepTime = 300; ScheddInterval = 60"));
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 100, 1001, COOL_DOWN",
    "100, 1000, 1000, DEFERRED_START",
    "999, 1000, 1000, COOL_DOWN"
  })
  void ofTwoReasonsTheLaterCounts(long coolDown, long deferral, long from, Deferral.Why why)
      throws ClassAdSyntaxException {
    assertEquals(
        Optional.of(new Deferral(from, why)),
        of("JobCoolDownExpiration = %d; DeferralTime = %d".formatted(coolDown, deferral)));
  }

  /** Until the year 9999, which any clock can say, and never a time before 1970. */
  @ParameterizedTest
  @CsvSource({
    "DeferralTime = 1000000000000000000, 253402300799",
    "DeferralTime = 9223372036854775807; DeferralPrepTime = -9223372036854775807, 253402300799",
    "DeferralTime = -9223372036854775807; DeferralPrepTime = 9223372036854775807, 0",
    "JobCoolDownExpiration = 9223372036854775807, 253402300799",
    "DeferralTime = 1e300, 253402300799",
    "DeferralTime = 1000.5, 1000",
    "DeferralTime = undefined, 0"
  })
  void absurdTimesAreBounded(String attributes, long from) throws ClassAdSyntaxException {
    assertEquals(from, of(attributes).orElseThrow().from());
  }

  private static Optional<Deferral> of(String attributes) throws ClassAdSyntaxException {
    ClassAd job = NewForm.parse("[ " + attributes + " ]");
    return Deferral.of(job, EvalContext.DEFAULT);
  }
}
