package org.vocluster.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.JsonForm;
import org.vocluster.classad.Language;
import org.vocluster.sizing.journal.Moment;
import org.vocluster.sizing.journal.NodeMoments;
import org.vocluster.sizing.journal.NodeRecord;
import org.vocluster.sizing.journal.NodeRecord.Event;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.AnImage;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;

class NodeRowTest {
  private static final long T = 1_800_000_000;

  private static final String JOBS =
      """
      ClusterId = 1
      ProcId = 0
      JobStatus = 1
      QDate = 1799999990
      Voc = "cms"
      VocNode = "cms-queued"

      ClusterId = 2
      ProcId = 0
      JobStatus = 2
      QDate = 1799999990
      JobCurrentStartDate = 1800000000
      RemoteHost = "slot1_1@pad1.test"
      Voc = "cms"
      VocNode = "cms-boots"

      ClusterId = 3
      ProcId = 1
      JobStatus = 2
      QDate = 1799999990
      JobCurrentStartDate = 1800000000
      RemoteHost = "slot1_2@pad1.test"
      Voc = "cms"
      VocNode = "cms-works"

      ClusterId = 4
      ProcId = 0
      JobStatus = 5
      HoldReasonCode = 34
      QDate = 1799999990
      Voc = "cms"
      VocNode = "cms-held"
      """;

  private static final String SLOTS =
      """
      Name = "slot1@cms-works"
      State = "Unclaimed"
      PartitionableSlot = true
      DaemonStartTime = 1800000038
      VocNode = "cms-works"
      VocExecTime = 1800000001
      VocKernelTime = 1800000004

      Name = "slot1_1@cms-works"
      State = "Claimed"
      DaemonStartTime = 1800000038
      VocNode = "cms-works"
      VocExecTime = 1800000001
      VocKernelTime = 1800000004
      """;

  @Test
  void livingNodesAreWhatQueueCollectorAndLogSay() throws ClassAdSyntaxException {
    assertEquals(
        """
        NODE        VOC  NODE JOB  STATE    PAD HOST   AGE  BOOT
        cms-boots   cms  2.0       booting  pad1.test  50s  -
        cms-held    cms  4.0       held     -          60s  -
        cms-queued  cms  1.0       queued   -          60s  -
        cms-works   cms  3.1       busy     pad1.test  50s  37
        """,
        NodeTables.table(living(List.of()), Instant.ofEpochSecond(T + 50)));
  }

  @Test
  void momentsAreSecondsAfterTheLaunch() throws ClassAdSyntaxException {
    NodeMoments known =
        NodeMoments.NONE
            .with(Moment.SUBMITTED, T - 10)
            .with(Moment.LAUNCHED, T)
            .with(Moment.FIRST_AD, T + 40)
            .with(Moment.FIRST_CLAIM, T + 44);
    List<NodeRecord> runs =
        List.of(
            record("cms-works", "3.1", known, Event.CLAIM),
            record("cms-works", "3.1", known.with(Moment.LAUNCHED, T - 500), Event.JOIN));
    assertEquals(
        List.of(
            "cms-boots | booting | 2027-01-15T08:00:00Z | -10 | - | - | - | - | - | - | -",
            "cms-held | held | - | - | - | - | - | - | - | - | -",
            "cms-queued | queued | - | - | - | - | - | - | - | - | -",
            "cms-works | busy | 2027-01-15T08:00:00Z | -10 | 1 | 4 | 38 | 40 | 44 | - | -"),
        timing(living(runs)));
  }

  @Test
  void endedNodesAreThoseSince() {
    NodeMoments old = NodeMoments.NONE.with(Moment.LAUNCHED, T).with(Moment.END, T + 10);
    NodeMoments young = old.with(Moment.END, T + 20).with(Moment.LAST_CLAIM, T + 15);
    List<NodeRow> rows =
        NodeRow.ended(
            List.of(
                record("cms-old", "1.0", old, Event.END),
                record("cms-lives", "2.0", young, Event.JOIN),
                record("cms-young", "3.0", young, Event.END)),
            Instant.ofEpochSecond(T + 20));
    assertEquals(
        List.of("cms-young | ended | 2027-01-15T08:00:00Z | - | - | - | - | - | - | 15 | 20"),
        timing(rows));
  }

  @Test
  void jsonHasAnObjectForEachNodeWithTheMomentsThatAreKnown() throws ClassAdSyntaxException {
    List<ClassAd> read =
        JsonForm.parseAll(NodeTables.json(living(List.of())), Language.CONDOR_23_9);
    assertEquals(4, read.size());
    ClassAd works = read.getLast();
    assertEquals(
        "cms cms-works 3.1 busy pad1.test",
        Stream.of("Voc", "Node", "NodeJob", "State", "Host")
            .map(name -> works.string(name).orElse("-"))
            .collect(Collectors.joining(" ")));
    assertEquals(OptionalLong.of(T + 38), works.integer(Moment.STARTD.attribute()));
    assertEquals(OptionalLong.empty(), works.integer(Moment.END.attribute()));
    assertEquals("[\n\n]\n", NodeTables.json(List.of()));
  }

  private static List<NodeRow> living(List<NodeRecord> runs) throws ClassAdSyntaxException {
    return NodeRow.living(Ads.inLongForm(JOBS), Ads.inLongForm(SLOTS), runs);
  }

  /** Without head, VOC and host, one bar between two cells. */
  private static List<String> timing(List<NodeRow> rows) {
    return NodeTables.timing(rows)
        .lines()
        .skip(1)
        .map(line -> line.replaceAll(" {2,}", " | ").replaceFirst(" \\| cms \\| [^|]+\\|", " |"))
        .toList();
  }

  private static NodeRecord record(String node, String job, NodeMoments moments, Event event) {
    return new NodeRecord(
        new NodeRecord.Run(
            AKind.of("cms/default"),
            Optional.of(new VoName("cms")),
            new NodeId(node),
            job,
            Optional.of(AnImage.of("i")),
            "pad1"),
        moments,
        event,
        "");
  }
}
