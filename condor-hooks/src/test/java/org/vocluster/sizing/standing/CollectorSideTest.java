package org.vocluster.sizing.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.condor.InForce;
import org.vocluster.condor.PrintedSettings;

class CollectorSideTest {
  @ParameterizedTest
  @ValueSource(strings = {"23.9", "25.14"})
  void oursAloneIsSound(String version) {
    assertEquals(List.of(), judge("sound", version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23.9", "25.14"})
  void requirementThatASiteAssignedStopsAll(String version) {
    Missing missing = judge("assigned", version).getFirst();
    assertEquals(
        "COLLECTOR_REQUIREMENTS of collector cm.test accepts a node of one VO that says it is"
            + " another's (said last in /etc/condor/condor_config.local): a node can pose as another"
            + " VO's or as a host and draw its jobs, so no VO is served",
        missing.inWords());
    assertTrue(missing.stops());
  }

  @ParameterizedTest
  @CsvSource({
    "Name =!= \"bad\" || OURS, a node of one VO that says it is another's",
    "True, a node of one VO that says it is another's",
    "VocDomain =!= \"VAD\", a node that says it is a host",
    "OpSys =?= \"LINUX\", a node of one VO that says it is another's",
    "Cpus <= 512, a node of one VO that says it is another's",
    "'regexp(\"[.]site[.]org$\", Machine)', 'ads without looking at who sends them, as far as can be told'",
    "'regexp(\"[.]site[.]org$\", Machine) && (OURS)', ''",
    "((, 'every ad, for it is no expression'",
    "'', 'every ad, for there is none'",
    "OURS && Machine =!= \"bad\", ''",
    "'userMap(\"Site\", Owner) =?= \"x\" && (OURS)', ''",
    "'ifThenElse(VocDomain =?= \"VAD\", OURS, True)', a node that says it is a host",
  })
  void whatCountsIsWhomTheCompositionLetsIn(String requirement, String accepted) {
    String ours =
        PrintedSettings.read("collector-sound-23.9", CollectorSide.knobs())
            .value(CollectorSide.REQUIREMENTS);
    InForce inForce = with(CollectorSide.REQUIREMENTS, requirement.replace("OURS", ours));
    assertEquals(
        accepted.isEmpty() ? List.of() : List.of("accepts " + accepted),
        CollectorSide.judge("cm.test", inForce, "site.test").stream().map(Missing::lacks).toList());
  }

  @Test
  void trustDomainThatIsNotTheAccessPointsIsSaidFirst() {
    List<Missing> missing =
        CollectorSide.judge(
            "cm.test",
            PrintedSettings.read("collector-sound-23.9", CollectorSide.knobs()),
            "ap.test");
    assertEquals(1, missing.size(), missing.toString());
    assertEquals("is site.test, and ap.test on the access point", missing.getFirst().lacks());
    assertTrue(missing.getFirst().stops());
  }

  @ParameterizedTest
  @CsvSource({
    "condor@site.test, does not let voc-*@site.test in",
    "'condor@site.test, voc-*@site.test', ''",
    "*@site.test/10.0.0.*, ''",
    "*, ''",
    "10.77.0.*, ''",
    "voc-*@other.test, does not let voc-*@site.test in",
  })
  void nodesThatMayNotAdvertiseAreSaidAndStopNobody(String allow, String lacks) {
    List<Missing> missing =
        CollectorSide.judge(
            "cm.test", with("ALLOW_ADVERTISE_STARTD_COLLECTOR", allow), "site.test");
    assertEquals(
        lacks.isEmpty() ? List.of() : List.of(lacks),
        missing.stream().map(Missing::lacks).toList());
    assertTrue(missing.stream().noneMatch(Missing::stops));
  }

  private static InForce with(String knob, String value) {
    Map<String, InForce.Setting> settings =
        new HashMap<>(
            PrintedSettings.read("collector-sound-23.9", CollectorSide.knobs()).settings());
    settings.put(knob, new InForce.Setting(value, "/etc/condor/x"));
    return new InForce(settings);
  }

  private static List<Missing> judge(String what, String version) {
    return CollectorSide.judge(
        "cm.test",
        PrintedSettings.read("collector-" + what + "-" + version, CollectorSide.knobs()),
        "site.test");
  }
}
