package org.vocluster.sizing.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.Said.assertSays;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.LongForm;

class StandingTest {
  private static final Missing SAID =
      new Missing("A", "schedd x", "lacks \"b\"", "/etc/c", "d", "e", false);
  private static final Missing STOPS = new Missing("Z", "schedd x", "lacks y", "", "w", "v", true);

  @Test
  void whatStopsIsTheObstacleWithItsRemedyAndTheRestIsNone() {
    assertEquals(Optional.empty(), new Standing(List.of(SAID), List.of()).obstacle());
    assertEquals(
        Optional.of("Z of schedd x lacks y: w; v"),
        new Standing(List.of(SAID, STOPS), List.of("u")).obstacle());
    assertEquals(Optional.empty(), Standing.SOUND.obstacle());
  }

  @Test
  void unknownIsNotTakenForSound() {
    assertSays(
        new Standing(List.of(), List.of("the schedd gives no answer")).obstacle().orElse(""),
        "not known",
        "the schedd gives no answer");
  }

  @Test
  void whatIsMissingSurvivesTheSchedulersAd() throws ClassAdSyntaxException {
    ClassAd ad =
        ClassAd.builder().set("VocMissing", MissingAds.write(List.of(SAID, STOPS))).build();
    ClassAd read = LongForm.parse(LongForm.print(ad));
    assertEquals(List.of(SAID, STOPS), MissingAds.read(read.evaluate("VocMissing")));
    assertTrue(MissingAds.read(read.evaluate("Nothing")).isEmpty());
  }

  @Test
  void adIsBoundedWhateverIsMissing() {
    Missing huge = new Missing("K".repeat(5000), "x", "\u001b[2J", "", "m", "r", true);
    String text = MissingAds.write(new ArrayList<>(Collections.nCopies(500, huge))).toString();
    assertTrue(text.length() < 12 * 800, () -> "" + text.length());
    assertTrue(text.chars().noneMatch(c -> c < ' '), text);
  }
}
