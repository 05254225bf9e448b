package org.vocluster.sizing.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.condor.InForce;
import org.vocluster.condor.PrintedSettings;

class SubmitSideTest {
  @ParameterizedTest
  @ValueSource(strings = {"23.9", "25.14"})
  void oursAloneIsSound(String version) {
    assertEquals(List.of(), judge("sound", version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23.9", "25.14"})
  void listsThatASiteAssignedStopAllAndSaySo(String version) {
    List<Missing> missing = judge("assigned", version);
    assertEquals(
        "SUBMIT_REQUIREMENT_NAMES of schedd ap.test does not name VocVOIsOwn, VocNodeJobIsOwn (said"
            + " last in /etc/condor/condor_config.local): any user can submit jobs and node jobs of"
            + " any VO, so none is served",
        missing.getFirst().inWords());
    assertEquals(
        "let that file say SUBMIT_REQUIREMENT_NAMES = $(SUBMIT_REQUIREMENT_NAMES) and the site's"
            + " own names, then condor_reconfig; look at what was submitted meanwhile with"
            + " `condor_q -allusers -af ClusterId Owner VocVO VocNodeJob`",
        missing.getFirst().remedy());
    assertTrue(missing.getFirst().stops());
    List<String> others =
        missing.stream().skip(1).map(each -> each.knob() + " " + each.lacks()).toList();
    assertEquals(
        List.of(
            "SUBMIT_REQUIREMENT_NAMES does not name VocClaimIsOwn, VocJobIsTransformed",
            "JOB_TRANSFORM_NAMES does not name VocJob, VocPayload, VocInNodes",
            "JOB_TRANSFORM_NAMES does not name VocFirst, VocNodeJob"),
        others);
    assertTrue(missing.stream().skip(1).noneMatch(Missing::stops));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23.9", "25.14"})
  void requirementThatASiteRedefinedOrMadeAWarningStopsAll(String version) {
    List<Missing> missing = judge("weakened", version);
    assertEquals(
        List.of(
            "SUBMIT_REQUIREMENT_VocVOIsOwn is not what voc-ap makes it true",
            "SUBMIT_REQUIREMENT_VocNodeJobIsOwn_IS_WARNING makes a warning of what must be refused"
                + " true"),
        missing.stream()
            .map(each -> each.knob() + " " + each.lacks() + " " + each.stops())
            .toList());
    assertEquals("/etc/condor/condor_config.local", missing.getFirst().source());
  }

  @Test
  void scheddWithoutAnyOfItServesNobody() {
    List<Missing> missing = SubmitSide.judge("ap.test", new InForce(Map.of()));
    assertTrue(missing.getFirst().stops());
    assertEquals("install voc-ap there, then condor_reconfig", remedyOf(missing, "VOC_VO_IS_OWN"));
    assertTrue(missing.size() < 13, missing.toString());
  }

  @Test
  void namesInListsAreFoundInAnyCaseAndSeparatedAnyHow() {
    String text =
        PrintedSettings.text("schedd-sound-23.9")
            .replace(
                "IMMUTABLE_JOB_ATTRS =  VocVO VocVOClaimed VocNodeJob VocNodeJobClaimed",
                "IMMUTABLE_JOB_ATTRS = vocvo,VOCVOClaimed,\tvocnodejob , VocNodeJobClaimed");
    assertEquals(List.of(), SubmitSide.judge("a", PrintedSettings.of(text, SubmitSide.knobs())));
    String without = text.replace("vocvo,", "VocVOX,");
    Missing missing =
        SubmitSide.judge("a", PrintedSettings.of(without, SubmitSide.knobs())).getFirst();
    assertEquals("does not name VocVO", missing.lacks());
    assertTrue(missing.stops());
  }

  /** One fact, two places: what is looked for has to be what the configuration defines. */
  @Test
  void namesAreThoseOfTheConfiguration() throws IOException {
    String conf =
        Files.readString(Path.of("../startd-config/ap/50-voc-ap.conf"))
            + Files.readString(Path.of("../startd-config/ap/zz-voc-ap.conf"));
    for (String knob : SubmitSide.knobs()) {
      if (!knob.endsWith("_IS_WARNING")) {
        assertTrue(conf.contains("\n" + knob + " "), knob);
      }
    }
    for (String name : SubmitSide.BINDING) {
      assertFalse(conf.contains("\nSUBMIT_REQUIREMENT_" + name + "_IS_WARNING"), name);
    }
    String site = conf.lines().filter(l -> l.startsWith("JOB_TRANSFORM_NAMES")).toList().toString();
    assertTrue(site.contains("VocFirst $(JOB_TRANSFORM_NAMES)"), site);
  }

  private static List<Missing> judge(String what, String version) {
    return SubmitSide.judge(
        "ap.test", PrintedSettings.read("schedd-" + what + "-" + version, SubmitSide.knobs()));
  }

  private static String remedyOf(List<Missing> missing, String knob) {
    return missing.stream()
        .filter(each -> each.knob().equals(knob))
        .findFirst()
        .orElseThrow()
        .remedy();
  }
}
