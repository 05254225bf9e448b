package org.vocluster.sizing.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.vm.definition.VocName;

class StandbyTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @ParameterizedTest
  @CsvSource({
    // ours, theirs (ap1) | do we (ap2) stand by, do they
    "'ap2',         'ap1',         false, false",
    "'ap2',         'ap1,ap2',     true,  false",
    "'ap2,ap3',     'ap1,ap3',     true,  false",
    "'ap2,ap3,ap4', 'ap1,ap3',     false, true",
    "'*',           'ap1',         false, true",
    "'*',           '*',           true,  false",
  })
  void exactlyOneOfTwoSizersThatServeTheSameSchedulerLeads(
      String ours, String theirs, boolean weStandBy, boolean theyDo) {
    ServedSchedds our = ServedSchedds.of(ours);
    ServedSchedds their = ServedSchedds.of(theirs);
    assertEquals(weStandBy, standsBy("ap2", our, published("ap1", their, NOW)));
    assertEquals(theyDo, standsBy("ap1", their, published("ap2", our, NOW)));
  }

  @Test
  void sizerThatIsNotHeardOfIsFollowed() {
    ServedSchedds all = ServedSchedds.of("*");
    assertEquals(true, standsBy("ap2", all, published("ap1", all, NOW.minusSeconds(199))));
    assertEquals(false, standsBy("ap2", all, published("ap1", all, NOW.minusSeconds(201))));
  }

  @Test
  void ownAdIsNoOtherSizer() {
    assertEquals(
        false,
        standsBy("ap1", ServedSchedds.of("*"), published("ap1", ServedSchedds.of("*"), NOW)));
  }

  @Test
  void reasonNamesTheLeader() {
    assertEquals(
        "standing by: the sizer of ap1 serves this VOC (schedds *)",
        Standby.of(
                "ap2",
                ServedSchedds.of("*"),
                List.of(published("ap1", ServedSchedds.of("*"), NOW)),
                NOW)
            .get(new VocName("cms")));
  }

  private static boolean standsBy(String accessPoint, ServedSchedds schedds, PublishedVoc other) {
    return Standby.of(accessPoint, schedds, List.of(other), NOW).containsKey(new VocName("cms"));
  }

  private static PublishedVoc published(String accessPoint, ServedSchedds schedds, Instant when) {
    return new PublishedVoc(
        new VocName("cms"), accessPoint, when.getEpochSecond(), schedds, List.of());
  }
}
