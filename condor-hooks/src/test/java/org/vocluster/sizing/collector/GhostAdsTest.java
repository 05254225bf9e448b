package org.vocluster.sizing.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.collector.GhostAds.Ghost;
import org.vocluster.sizing.collector.GhostAds.NodeAd;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.AnImage;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

class GhostAdsTest {
  private static final Instant T0 = Instant.ofEpochSecond(1_800_000_000);
  private static final long START = T0.getEpochSecond();
  private static final long LIFETIME = 48;

  private final GhostAds ghosts = new GhostAds("ap.test");

  /** The only ad of the node of {@code ANodeJob.of("cms", n)}, from this access point. */
  private static NodeAd ad(int n, long heard, long started) {
    return ad("cms-" + n, "ap.test", heard, started);
  }

  private static NodeAd ad(String node, String schedd, long heard, long started) {
    return new NodeAd(
        new NodeId(node),
        Optional.of(new VocName("cms")),
        new VoName("cms"),
        schedd,
        heard,
        started,
        LIFETIME);
  }

  private static Ghost ghost(String node, long heard, boolean alone, String why) {
    return new Ghost(
        new NodeId(node), Optional.of(new VocName("cms")), new VoName("cms"), heard, alone, why);
  }

  private static Set<NodeId> ids(String... nodes) {
    return Arrays.stream(nodes).map(NodeId::new).collect(Collectors.toSet());
  }

  private static ANodeJob job(int n) {
    return ANodeJob.of("cms", n).since(T0);
  }

  private static NodeJob running(int n) {
    return job(n).running("pad1").build();
  }

  private List<Ghost> among(Instant now, NodeAd... ads) {
    return ghosts.among(List.of(ads), true, now);
  }

  private static List<String> nodes(List<Ghost> found) {
    return found.stream().map(ghost -> ghost.node().value()).toList();
  }

  @Test
  void adsOfARunningNodeStay() {
    ghosts.saw(List.of(running(1)));
    assertEquals(List.of(), among(T0.plusSeconds(90), ad(1, START + 85, START + 5)));
  }

  @Test
  void adsOfANodeWhoseJobHasLeftTheQueueGo() {
    assertEquals(Set.of(), ghosts.saw(List.of(running(1), running(2))));
    assertEquals(ids("cms-1"), ghosts.saw(List.of(running(2))));
    List<Ghost> found =
        among(
            T0.plusSeconds(60),
            ad(1, START + 50, START + 5),
            ad(1, START + 51, START + 4),
            ad(2, START + 52, START + 5));
    assertEquals(List.of(ghost("cms-1", START + 51, false, "its job is gone")), found);
  }

  @Test
  void afterARestartTheAdItselfTellsWhoseNodeItWas() {
    ghosts.saw(List.of());
    List<Ghost> found =
        among(
            T0,
            ad("cms-1", "ap.test", START, START),
            ad("cms-2", "AP.TEST", START, START),
            ad("cms-3", "other.test", START, START),
            ad("cms-4", "", START, START));
    assertEquals(List.of("cms-1", "cms-2"), nodes(found));
  }

  @Test
  void nodeThatDoesNotSayWhoseItIsIsJudgedOnlyIfItsJobRanHere() {
    ghosts.saw(List.of(running(1), job(2).build()));
    ghosts.saw(List.of());
    List<Ghost> found =
        among(
            T0,
            ad("cms-1", "", START, START),
            ad("cms-2", "", START, START),
            ad("cms-9", "", START, START));
    assertEquals(List.of("cms-1"), nodes(found));
  }

  @Test
  void jobOfAnotherAccessPointIsNoneOfOurs() {
    NodeJob theirs =
        new NodeJob(
            new JobId(1, 0),
            "other.test",
            "voc-cms",
            new NodeJob.Spec(
                AKind.of("cms/default"),
                new VoName("cms"),
                new NodeId("cms-1"),
                "d",
                Optional.of(AnImage.of("i")),
                ""),
            new NodeJob.State(JobStatus.RUNNING, START),
            NodeJob.Run.NEVER);
    assertEquals(Set.of(), ghosts.saw(List.of(theirs)));
    assertEquals(Set.of(), ghosts.saw(List.of()));
    assertEquals(List.of(), among(T0, ad("cms-1", "", START, START)));
    assertEquals(List.of(), among(T0, ad("cms-1", "other.test", START, START)));
  }

  @ParameterizedTest
  @EnumSource(
      value = JobStatus.class,
      names = {"REMOVED", "HELD"})
  void machineOfAJobThatEndsMayLiveForAMomentMore(JobStatus status) {
    ghosts.saw(List.of(running(1)));
    Instant end = T0.plusSeconds(100);
    NodeJob ending = ANodeJob.of("cms", 1).running("pad1").status(status).since(end).build();
    assertEquals(ids("cms-1"), ghosts.saw(List.of(ending)));
    NodeAd its = ad(1, START + 99, START + 5);
    assertEquals(List.of(), among(end.plusSeconds(9), its));
    assertEquals(List.of("cms-1"), nodes(among(end.plus(GhostAds.ENDING), its)));
  }

  @ParameterizedTest
  @EnumSource(
      value = JobStatus.class,
      names = {"IDLE", "TRANSFERRING_OUTPUT", "COMPLETED"})
  void jobWhoseProcessHasEndedHasNoMachine(JobStatus status) {
    ghosts.saw(List.of(running(1)));
    NodeJob ended = ANodeJob.of("cms", 1).running("pad1").status(status).since(T0).build();
    assertEquals(ids("cms-1"), ghosts.saw(List.of(ended)));
    assertEquals(List.of("cms-1"), nodes(among(T0, ad(1, START, START))));
  }

  @Test
  void jobThatReturnedToTheQueueHasNoMachine() {
    ghosts.saw(List.of(running(1)));
    assertEquals(ids("cms-1"), ghosts.saw(List.of(job(1).build())));
    assertEquals(Set.of(), ghosts.saw(List.of(job(1).build())), "told once");
    List<Ghost> found = among(T0.plusSeconds(60), ad(1, START + 50, START + 5));
    assertEquals(List.of("its job does not run"), found.stream().map(Ghost::why).toList());
  }

  @Test
  void ofANodeThatRunsAgainOnlyTheEarlierRunsAdsGo() {
    ghosts.saw(List.of(running(1)));
    ghosts.saw(List.of(job(1).build()));
    ghosts.saw(List.of(job(1).since(T0.plusSeconds(200)).running("pad2").build()));
    NodeAd before = ad(1, START + 190, START + 5);
    NodeAd now = ad(1, START + 230, START + 210);
    List<Ghost> found = among(T0.plusSeconds(231), before, now);
    assertEquals(List.of(ghost("cms-1", START + 190, true, "of an earlier run of its job")), found);
    assertEquals(
        List.of(
            "VocDomain =?= \"VAD\" && VocVO =?= \"cms\" && VocNode =?= \"cms-1\""
                + " && LastHeardFrom <= "
                + (START + 190)),
        GhostAds.conditions(new VoName("cms"), found));
  }

  @Test
  void oneClockThatGoesWrongMakesNoLivingNodeAGhost() {
    ghosts.saw(List.of(job(1).since(T0.plusSeconds(200)).running("pad2").build()));
    NodeAd collectorIsSlow = ad(1, START, START + 210);
    NodeAd nodeIsSlow = ad(1, START + 230, START);
    NodeAd nodeDoesNotSay = ad(1, START, 0);
    assertEquals(
        List.of(), among(T0.plusSeconds(231), collectorIsSlow, nodeIsSlow, nodeDoesNotSay));
  }

  @Test
  void suspensionIsNoNewRun() {
    ghosts.saw(List.of(running(1)));
    NodeJob suspended =
        job(1).since(T0.plusSeconds(50)).running("pad1").status(JobStatus.SUSPENDED).build();
    assertEquals(Set.of(), ghosts.saw(List.of(suspended)));
    ghosts.saw(List.of(job(1).since(T0.plusSeconds(60)).running("pad1").build()));
    assertEquals(List.of(), among(T0.plusSeconds(61), ad(1, START + 49, START + 5)));
  }

  @Test
  void collectorThatWasSilentItselfProvesNoNodesSilence() {
    ghosts.saw(List.of(running(1)));
    NodeAd last = ad(1, START + 20, START + 5);
    assertEquals(List.of(), among(T0.plusSeconds(21), last));
    ghosts.heardNothing();
    assertEquals(List.of(), among(T0.plusSeconds(21 + LIFETIME), last));
    assertEquals(1, among(T0.plusSeconds(21 + 2 * LIFETIME), last).size());
  }

  @Test
  void nodeThatDoesNotRenewItsAdForItsLifetimeIsSilent() {
    ghosts.saw(List.of(running(1)));
    NodeAd last = ad(1, START + 20, START + 5);
    assertEquals(List.of(), among(T0.plusSeconds(21), last));
    assertFalse(ghosts.isAnyQuiet(T0.plusSeconds(21 + LIFETIME / 2 - 1)));
    assertTrue(ghosts.isAnyQuiet(T0.plusSeconds(21 + LIFETIME / 2)));
    assertEquals(List.of(), among(T0.plusSeconds(21 + LIFETIME - 1), last));
    List<Ghost> found = among(T0.plusSeconds(21 + LIFETIME), last);
    assertEquals(List.of("not renewed for 48 s"), found.stream().map(Ghost::why).toList());
    assertTrue(found.getFirst().alone(), "a later ad is a living node's");
  }

  @Test
  void whateverAdOfANodeIsRenewedItLives() {
    ghosts.saw(List.of(running(1)));
    NodeAd slot = ad(1, START + 20, START + 5);
    for (int s = 20; s < 200; s += 12) {
      assertEquals(
          List.of(), among(T0.plusSeconds(s), slot, ad(1, START + s, START + 5)), s + " s");
    }
  }

  @Test
  void clockOfTheCollectorDoesNotMatterForSilence() {
    ghosts.saw(List.of(running(1)));
    long hoursBehind = START + 3 - 7200;
    for (int s = 0; s < 200; s += 12) {
      assertEquals(
          List.of(), among(T0.plusSeconds(s), ad(1, hoursBehind + s, START + 5)), s + " s");
    }
  }

  @Test
  void readingOfAFewNodesSaysNothingAboutTheSilenceOfOthers() {
    ghosts.saw(List.of(running(1), running(2)));
    NodeAd last = ad(1, START + 20, START + 5);
    assertEquals(List.of(), among(T0.plusSeconds(21), last));
    assertEquals(
        List.of(), ghosts.among(List.of(ad(2, START + 60, START + 5)), false, T0.plusSeconds(61)));
    assertEquals(List.of("cms-1"), nodes(among(T0.plusSeconds(70), last)));
  }

  @Test
  void manyGhostsGoTogether() {
    List<Ghost> many =
        new ArrayList<>(
            IntStream.range(0, 250)
                .mapToObj(n -> ghost("cms-" + n, START + n, false, ""))
                .toList());
    many.add(ghost("cms-x", START, true, ""));
    List<String> conditions = GhostAds.conditions(new VoName("cms"), many);
    assertEquals(4, conditions.size());
    assertEquals(1, conditions.stream().filter(c -> c.contains("\"cms-x\"")).count());
    assertTrue(conditions.get(1).contains("cms-0,cms-1,"), conditions.get(1));
    assertTrue(conditions.get(1).endsWith("LastHeardFrom <= " + (START + 99)), conditions.get(1));
  }
}
