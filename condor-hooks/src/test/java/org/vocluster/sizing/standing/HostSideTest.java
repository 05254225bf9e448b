package org.vocluster.sizing.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAdSyntaxException;

class HostSideTest {
  /** As a host with our configuration shows it. */
  private static final String SOUND =
      """
      Machine = "pad1.site.test"
      VocDomain = "PAD"
      VocHeartbeat = 1800000000
      VocBusyNodes = ""
      MyCurrentTime = 1800000010
      DaemonStartTime = 1799990000
      Start = ((true)) && (ifThenElse(TARGET.VocNodeJob =?= true,TARGET.Owner =?= strcat("voc-",TARGET.VocVO),TARGET.VocVO =?= undefined))
      """;

  @Test
  void hostWithOurConfigurationLacksNothing() throws ClassAdSyntaxException {
    assertEquals(List.of(), judge(SOUND));
  }

  @Test
  void hostsWithTheSameFaultAreNamedTogetherWithTheKnob() throws ClassAdSyntaxException {
    String bare = SOUND.replaceAll("VocHeartbeat.*\n|VocBusyNodes.*\n", "");
    List<Missing> missing = judge(bare + "\n" + bare.replace("pad1", "pad2"));
    assertEquals(
        List.of(
            "STARTD_CRON_JOBLIST of 2 PAD hosts pad1.site.test, pad2.site.test lacks VOC_PAD, or it"
                + " fails there: no node runs there, for nothing is known of images",
            "STARTD_CRON_JOBLIST of 2 PAD hosts pad1.site.test, pad2.site.test lacks VOC_NODES, or"
                + " it fails there: preemption cannot tell idle nodes there from busy ones"),
        missing.stream().map(Missing::inWords).toList());
    assertFalse(missing.getFirst().stops());
    assertEquals(
        "look which file says it with `condor_config_val -name pad1.site.test -startd -v"
            + " STARTD_CRON_JOBLIST`, let that add to it instead of assigning it, then"
            + " condor_reconfig there",
        missing.getFirst().remedy());
  }

  @Test
  void hostThatHasJustStartedIsNotSaid() throws ClassAdSyntaxException {
    String young =
        SOUND
            .replaceAll("VocHeartbeat.*\n|VocBusyNodes.*\n", "")
            .replace("1799990000", "1800000000");
    assertEquals(List.of(), judge(young));
  }

  @Test
  void programThatHangsIsSaid() throws ClassAdSyntaxException {
    assertEquals(
        List.of("lacks VOC_PAD, or it fails there"),
        lacks(SOUND.replace("VocHeartbeat = 1800000000", "VocHeartbeat = 1799990000")));
  }

  @Test
  void startWithoutOursOrOpenedBesideItIsSaid() throws ClassAdSyntaxException {
    List<String> open = List.of("lacks VOC_PAD_START, or it fails there");
    assertEquals(open, lacks(SOUND.replaceAll("Start = .*", "Start = true")));
    assertEquals(open, lacks(SOUND.replace("Start = (", "Start = KeyboardIdle > 10 || true || (")));
    assertEquals(
        List.of(),
        lacks(
            SOUND
                .replace("Start = (", "Start = KeyboardIdle > 10 && (")
                .replace("Start", "START")));
  }

  private static List<String> lacks(String slots) throws ClassAdSyntaxException {
    return judge(slots).stream().map(Missing::lacks).toList();
  }

  private static List<Missing> judge(String slots) throws ClassAdSyntaxException {
    return HostSide.judge(Ads.inLongForm(slots));
  }
}
