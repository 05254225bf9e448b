package org.vocluster.sizing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.journal.NodeRecord.Event;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSighting;
import org.vocluster.vm.definition.NodeId;

class NodeTimesTest {
  /** When the job of {@link #running} was launched. */
  private static final long T = 1_800_000_000;

  private final NodeTimes times = new NodeTimes();

  @Test
  void everyMomentOfALifeIsKnownAtItsEnd() {
    times.saw(List.of(queued()));
    times.saw(List.of(running(T)));
    assertEquals(List.of(), times.sawAds(Map.of(), at(2)));
    List<NodeRecord> joined =
        times.sawAds(
            Map.of(new NodeId("cms-1"), new NodeSighting(T + 1, T + 4, T + 38, T + 40, 0)), at(41));
    assertEquals(
        List.of(
            "join Submitted=1799999990 Launched=1800000000 Exec=1800000001 Kernel=1800000004"
                + " Startd=1800000038 FirstAd=1800000040"),
        words(joined));
    assertTrue(times.isClaimNear(at(100)), "it has just joined");
    assertFalse(times.isClaimNear(at(101)));
    assertEquals(
        List.of("claim"),
        times.sawAds(sighting(T + 45, T + 44), at(46)).stream()
            .map(record -> record.event().text())
            .toList());
    times.sawAds(sighting(T + 60, T + 44), at(61));
    times.sawAds(sighting(T + 65, 0), at(66));
    assertEquals(
        Optional.of(
            "end Submitted=1799999990 Launched=1800000000 Exec=1800000001 Kernel=1800000004"
                + " Startd=1800000038 FirstAd=1800000040 FirstClaim=1800000044"
                + " LastClaim=1800000061 End=1800000090"),
        times
            .ended(
                job(T).status(JobStatus.COMPLETED).since(at(90)).build(), "ended by itself", at(91))
            .map(NodeTimesTest::words));
  }

  @Test
  void nodeThatNeverJoinedHasNoFurtherMoments() {
    times.saw(List.of(running(T)));
    times.sawAds(Map.of(), at(2));
    NodeRecord end = times.ended(removed(), "removed", at(30)).orElseThrow();
    assertEquals(
        "end Submitted=1799999990 Launched=1800000000 End=1800000030", NodeTimesTest.words(end));
    assertEquals("removed", end.ending());
    assertEquals("pad1", end.host());
  }

  @Test
  void nodeJobThatNeverRanLeavesNoRecord() {
    times.saw(List.of(queued()));
    assertEquals(Optional.empty(), times.ended(removed(), "removed", at(30)));
  }

  @Test
  void nothingIsToldTwice() {
    times.saw(List.of(running(T)));
    times.sawAds(Map.of(), at(2));
    assertEquals(1, times.sawAds(sighting(T + 40, 0), at(41)).size());
    assertEquals(0, times.sawAds(sighting(T + 50, 0), at(51)).size());
    assertTrue(times.ended(removed(), "removed", at(60)).isPresent());
    assertFalse(times.ended(removed(), "removed", at(61)).isPresent());
  }

  @Test
  void secondRunOfANodeStartsAfreshAndTheGhostOfTheFirstIsNotTakenForIt() {
    times.saw(List.of(running(T)));
    times.sawAds(sighting(T + 40, 0), at(41));
    assertTrue(times.ended(queued(), "returned to the queue", at(50)).isPresent());
    times.saw(List.of(running(T + 60)));
    assertEquals(List.of(), times.sawAds(sighting(T + 45, 0), at(62)));
    assertEquals(
        List.of("join Submitted=1799999990 Launched=1800000060 FirstAd=1800000099"),
        words(times.sawAds(sighting(T + 99, 0), at(100))));
  }

  @Test
  void runWhoseEndWasMissedIsEndedByTheNext() {
    times.saw(List.of(running(T)));
    assertEquals(
        List.of("end Submitted=1799999990 Launched=1800000000"),
        words(times.saw(List.of(running(T + 60)))));
  }

  @Test
  void afterARestartNobodyKnowsWhenANodeJoinedThatWasThere() {
    times.saw(List.of(running(T)));
    assertEquals(List.of(), times.sawAds(sighting(T + 500, T + 44), at(501)));
    assertEquals(List.of(), times.sawAds(sighting(T + 510, T + 44), at(511)));
    assertEquals(
        "end Submitted=1799999990 Launched=1800000000 LastClaim=1800000511 End=1800000520",
        words(times.ended(removed(), "removed", at(520)).orElseThrow()));
  }

  @Test
  void afterARestartTheLogTellsWhenANodeJoined() {
    NodeMoments known =
        NodeMoments.NONE
            .with(Moment.SUBMITTED, T - 10)
            .with(Moment.LAUNCHED, T)
            .with(Moment.FIRST_AD, T + 40);
    times.recall(
        List.of(
            NodeRecord.of(running(T), known, Event.JOIN, ""),
            NodeRecord.of(ANodeJob.of("cms", 2).running("pad2").build(), known, Event.JOIN, "")));
    assertEquals(
        List.of("cms-2: ended while sizing did not look"),
        times.saw(List.of(running(T))).stream()
            .map(record -> record.node() + ": " + record.ending())
            .toList());
    assertEquals(List.of(), times.sawAds(sighting(T + 500, T + 300), at(501)));
    assertEquals(
        "end Submitted=1799999990 Launched=1800000000 FirstAd=1800000040 LastClaim=1800000501"
            + " End=1800000520",
        words(times.ended(removed(), "removed", at(520)).orElseThrow()));
  }

  @Test
  void whatANodeMakesUpIsPassedOver() {
    times.saw(List.of(running(T)));
    times.sawAds(Map.of(), at(2));
    assertEquals(
        List.of("join Submitted=1799999990 Launched=1800000000 FirstAd=1800000041"),
        words(
            times.sawAds(
                Map.of(new NodeId("cms-1"), new NodeSighting(1, -5, Long.MAX_VALUE, T + 99_999, 0)),
                at(41))));
  }

  @Test
  void recordSurvivesTheLog() {
    times.saw(List.of(running(T)));
    NodeRecord end = times.ended(removed(), "removed: \"quoted\"\nand broken", at(9)).orElseThrow();
    String line = org.vocluster.classad.JsonForm.print(end.ad()).replaceAll("\\s*\\R\\s*", " ");
    assertEquals(Optional.of(end), NodeRecord.parse(line));
    assertEquals("cms-1", NodeRecord.nodeOf(line));
    assertTrue(NodeRecord.isEnd(line));
    assertEquals(Optional.empty(), NodeRecord.parse(line.substring(0, line.length() / 2)));
  }

  private static Map<NodeId, NodeSighting> sighting(long heard, long claimed) {
    return Map.of(new NodeId("cms-1"), new NodeSighting(0, 0, 0, heard, claimed));
  }

  private static NodeJob queued() {
    return ANodeJob.of("cms", 1).build();
  }

  private static NodeJob running(long launched) {
    return job(launched).build();
  }

  private static ANodeJob job(long launched) {
    return ANodeJob.of("cms", 1)
        .running("pad1")
        .ran(new NodeJob.Run("pad1", 1, 0, "", "", T - 10, launched));
  }

  private static NodeJob removed() {
    return job(T).status(JobStatus.REMOVED).build();
  }

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(T + seconds);
  }

  private static List<String> words(List<NodeRecord> records) {
    return records.stream().map(NodeTimesTest::words).toList();
  }

  private static String words(NodeRecord record) {
    return record.event().text() + " " + record.moments();
  }
}
