package org.vocluster.sizing.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.sizing.history.Breaker.Failure;
import org.vocluster.sizing.history.Breaker.Scope;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.AnImage;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.VocName;

class BreakersTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final VocName CMS = new VocName("cms");
  private static final VocName ATLAS = new VocName("atlas");

  private final Breakers breakers = new Breakers();

  /**
   * Stories of words {@code image@host}, with {@code +} where a node joined and {@code -} where one
   * did not, and what the last failure opens.
   */
  @ParameterizedTest
  @CsvSource({
    "-a@h1,                     VOC cms",
    "-a@h1 -a@h2,               IMAGE a",
    "+b@h1 -a@h1,               IMAGE a",
    "+a@h2 -a@h1,               HOST h1",
    "-a@h1 -b@h1,               HOST h1",
    "+a@h2 +b@h1 -a@h1,         HOST h1",
    "+a@h1 -a@h1,               VOC cms",
    "+a@h1 -a@h1 -a@h2,         IMAGE a",
    "-a@h1 +a@h1 -a@h2,         HOST h2",
    "+b@h1 +b@h2 -a@h1 -a@h2,   IMAGE a",
    "-a@?,                      VOC cms",
  })
  void blameFollowsFromWhatWorksElsewhere(String story, String opened) {
    String last = "";
    Instant time = NOW;
    for (String word : story.split(" ", -1)) {
      time = time.plusSeconds(100);
      String image = word.substring(1, word.indexOf('@'));
      String host = word.substring(word.indexOf('@') + 1).replace("?", "");
      NodeJob node = ANodeJob.of("cms", 1).image(image).running(host).build();
      if (word.startsWith("+")) {
        breakers.joined(node, time);
      } else {
        Breaker breaker = breakers.failed(failed(node, time.minusSeconds(50)), time);
        last = breaker.scope() + " " + AnImage.word(breaker.key());
      }
    }
    assertEquals(opened, last);
  }

  @Test
  void pauseDoublesUpToAQuarterOfAnHour() {
    Instant time = NOW;
    for (long seconds : new long[] {15, 30, 60, 120, 240, 480, 900, 900}) {
      Breaker breaker = fail(time);
      assertEquals(Duration.ofSeconds(seconds), breaker.pause());
      assertTrue(breaker.isOpen(time.plusSeconds(seconds - 1)));
      assertFalse(breaker.isOpen(time.plusSeconds(seconds)));
      time = time.plusSeconds(1000);
    }
  }

  @Test
  void nodesThatWereUnderWayTogetherCountOnce() {
    NodeJob node = ANodeJob.of("cms", 1).running("").build();
    for (int i = 0; i < 30; i++) {
      breakers.failed(failed(node, NOW.minusSeconds(60)), NOW.plusSeconds(i));
    }
    assertEquals(1, breakers.all().getFirst().times());
    breakers.failed(failed(node, NOW.plusSeconds(20)), NOW.plusSeconds(70));
    assertEquals(2, breakers.all().getFirst().times());
    assertTrue(
        breakers.all().getFirst().what().startsWith("2 times in a row, last: node cms-1"),
        breakers.all().getFirst().what());
  }

  @Test
  void whatTurnsOutToBeTheImagesFaultKeepsItsPause() {
    breakers.failed(
        failed(ANodeJob.of("cms", 1).image("a").running("h1").build(), NOW), NOW.plusSeconds(1));
    breakers.failed(
        failed(ANodeJob.of("cms", 2).image("a").running("h2").build(), NOW.plusSeconds(60)),
        NOW.plusSeconds(100));
    assertEquals(1, breakers.all().size());
    assertEquals(Scope.IMAGE, breakers.all().getFirst().scope());
    assertEquals(2, breakers.all().getFirst().times());
  }

  @Test
  void successClosesWhatItDisproves() {
    fail(NOW);
    NodeJob node = ANodeJob.of("cms", 1).running("h9").build();
    breakers.worked(node);
    breakers.lived(node, NOW);
    assertEquals(1, breakers.all().size());
    breakers.joined(node, NOW);
    assertEquals(List.of(), breakers.all());
  }

  @Test
  void failedSubmissionsPauseUntilOneSucceeds() {
    assertEquals(1, breakers.notSubmitted(CMS, "d", "no schedd", NOW).times());
    assertEquals(
        "submitting nodes failed (2 in a row): no schedd",
        breakers.notSubmitted(CMS, "d", "no schedd", NOW.plusSeconds(20)).what());
    breakers.submitted(CMS);
    assertEquals(List.of(), breakers.all());
  }

  @Test
  void mendedDefinitionAndImageHaveNoBreaker() {
    fail(NOW);
    breakers.failed(failed(ANodeJob.of("atlas", 1).image("x").running("h1").build(), NOW), NOW);
    breakers.failed(failed(ANodeJob.of("atlas", 1).image("x").running("h2").build(), NOW), NOW);
    assertEquals(2, breakers.all().size());
    breakers.keepOnly(
        Map.of(CMS, Set.of("d"), ATLAS, Set.of("d")), Set.of(AnImage.of("i"), AnImage.of("x")));
    assertEquals(2, breakers.all().size());
    breakers.keepOnly(
        Map.of(CMS, Set.of("d2"), ATLAS, Set.of("d2")), Set.of(AnImage.of("i"), AnImage.of("y")));
    assertEquals(List.of(), breakers.all());
  }

  @Test
  void definitionChangedAfterTheFailureStartsCountingAnew() {
    fail(NOW);
    fail(NOW.plusSeconds(100));
    Breaker breaker =
        breakers.failed(
            failed(
                ANodeJob.of("cms", 1).definition("d2").running("").build(), NOW.plusSeconds(150)),
            NOW.plusSeconds(200));
    assertEquals(1, breaker.times());
  }

  @Test
  void breakersSurviveInTheVocsAd() {
    fail(NOW);
    breakers.failed(
        failed(ANodeJob.of("b", 1).image("x").running("h1").build(), NOW), NOW.plusSeconds(5));
    breakers.failed(
        failed(ANodeJob.of("b", 1).image("x").running("h2").build(), NOW), NOW.plusSeconds(5));
    List<Breaker> all = breakers.all();
    List<Breaker> read =
        BreakerAds.read(BreakerAds.write(all).evaluate(org.vocluster.classad.EvalContext.DEFAULT));
    assertEquals(all, read);
    Breakers fresh = new Breakers();
    fresh.recall(read);
    fresh.recall(List.of());
    assertEquals(all, fresh.all());
  }

  @Test
  void oddAdsAreNoBreakers() throws Exception {
    for (String text :
        List.of(
            "7",
            "{ 7, [ Scope = \"moon\"; Times = 1 ], [ Scope = \"image\" ], undefined }",
            "{ [ Scope = \"image\"; Failure = \"never-joined\"; Times = -1 ] }")) {
      assertEquals(
          List.of(),
          BreakerAds.read(
              org.vocluster.classad.Expr.parse(text)
                  .evaluate(org.vocluster.classad.EvalContext.DEFAULT)),
          text);
    }
  }

  @Test
  void aBreakerOfAnAbsurdTimeIsReadAsOneOfTheLastDay() throws Exception {
    String text =
        """
        { [ Scope = "image"; Key = "x"; Failure = "never-joined"; Of = "cms"; Times = 1;
            Since = 9223372036854775807 ] }
        """;
    assertEquals(
        List.of(Instant.parse("9999-12-31T23:59:59Z")),
        BreakerAds.read(
                org.vocluster.classad.Expr.parse(text)
                    .evaluate(org.vocluster.classad.EvalContext.DEFAULT))
            .stream()
            .map(Breaker::since)
            .toList());
  }

  private Breaker fail(Instant time) {
    return breakers.failed(
        failed(ANodeJob.of("cms", 1).running("").build(), time.minusMillis(1)), time);
  }

  private static Breakers.Failed failed(NodeJob node, Instant started) {
    return new Breakers.Failed(node, started, Failure.NEVER_JOINED, "ended", "look");
  }
}
