package org.vocluster.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.vocluster.Said.assertSays;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.sizing.journal.Moment;
import org.vocluster.sizing.journal.NodeMoments;
import org.vocluster.sizing.journal.NodeRecord;
import org.vocluster.sizing.journal.NodeRecord.Event;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.AnImage;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;

class BootReportTest {
  private static final long T = 1_800_000_000;

  static Stream<Arguments> spreads() {
    return Stream.of(
        Arguments.of("one value", List.of(7L), 7.0, 7.0, 7.0, 7.0, -1.0),
        Arguments.of("two values", List.of(4L, 2L), 2.0, 3.0, 4.0, 3.0, Math.sqrt(2)),
        Arguments.of("an odd number", List.of(9L, 1L, 2L), 1.0, 2.0, 9.0, 4.0, Math.sqrt(19)),
        Arguments.of(
            "an even number", List.of(1L, 3L, 8L, 4L), 1.0, 3.5, 8.0, 4.0, 2.943920288775949),
        Arguments.of("all the same", List.of(5L, 5L, 5L), 5.0, 5.0, 5.0, 5.0, 0.0),
        Arguments.of("clocks that differ", List.of(-1L, 1L), -1.0, 0.0, 1.0, 0.0, Math.sqrt(2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spreads")
  void spreadOf(
      String what,
      List<Long> values,
      double minimum,
      double median,
      double maximum,
      double average,
      double deviation) {
    Spread spread = Spread.of(values).orElseThrow();
    assertEquals(values.size(), spread.count(), what);
    assertEquals(minimum, spread.minimum());
    assertEquals(median, spread.median());
    assertEquals(maximum, spread.maximum());
    assertEquals(average, spread.average());
    if (deviation < 0) {
      assertEquals(OptionalDouble.empty(), spread.deviation());
    } else {
      assertEquals(deviation, spread.deviation().orElseThrow(), 1e-12);
    }
  }

  @Test
  void nothingHasNoSpread() {
    assertEquals(Optional.empty(), Spread.of(List.of()));
  }

  @Test
  void bootTimesAreTheSpreadFromPrepareJobToTheFirstAd() {
    BootReport report =
        new BootReport(
            List.of(
                booted("cms", 40),
                booted("cms", 44),
                booted("cms", 51),
                failed("cms"),
                booted("atlas", 9)));
    assertEquals(
        """
        VOC    NODES  FAILED  MIN  MEDIAN  MAX  AVERAGE  STDDEV
        atlas  1      0       9    9.0     9    9.0      -
        cms    3      1       40   44.0    51   45.0     5.6
        """,
        report.table().substring(0, report.table().indexOf("\n\n") + 1));
    assertSays(
        report.table(),
        "cms    submitted to launched    4      5    5.0     5    5.0",
        "cms    launched to prepare-job  3      1    1.0     1    1.0");
    assertFalse(report.table().contains("kernel"), "no image told when its kernel started");
    assertEquals(
        List.of(
            "voc,from,to,nodes,minimum,median,maximum,average,standard_deviation",
            "atlas,Exec,FirstAd,1,9,9.0,9,9.0,",
            "atlas,Submitted,Launched,1,5,5.0,5,5.0,",
            "atlas,Launched,Exec,1,1,1.0,1,1.0,"),
        report.csv().lines().limit(4).toList());
  }

  @Test
  void vocWhoseNodesAllFailedIsInTheTable() {
    String table = new BootReport(List.of(failed("cms"))).table();
    assertSays(table, "cms  0      1       -    -       -    -        -");
  }

  @Test
  void nodeThatIsKnownToHaveJoinedIsNoFailureThoughNobodySawWhen() {
    NodeMoments moments = NodeMoments.NONE.with(Moment.LAUNCHED, T).with(Moment.STARTD, T + 30);
    String table = new BootReport(List.of(record("cms", moments, Event.END))).table();
    assertSays(table, "cms  0      0 ");
  }

  private static NodeRecord booted(String voc, long seconds) {
    return record(
        voc,
        NodeMoments.NONE
            .with(Moment.SUBMITTED, T - 5)
            .with(Moment.LAUNCHED, T)
            .with(Moment.EXEC, T + 1)
            .with(Moment.FIRST_AD, T + 1 + seconds),
        Event.JOIN);
  }

  private static NodeRecord failed(String voc) {
    return record(
        voc,
        NodeMoments.NONE
            .with(Moment.SUBMITTED, T - 5)
            .with(Moment.LAUNCHED, T)
            .with(Moment.END, T + 900),
        Event.END);
  }

  private static NodeRecord record(String voc, NodeMoments moments, Event event) {
    return new NodeRecord(
        new NodeRecord.Run(
            AKind.of(voc + "/default"),
            Optional.of(new VoName(voc)),
            new NodeId(voc + "-1"),
            "1.0",
            Optional.of(AnImage.of("i")),
            "pad1"),
        moments,
        event,
        "");
  }
}
