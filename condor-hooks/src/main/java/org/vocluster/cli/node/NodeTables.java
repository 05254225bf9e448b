package org.vocluster.cli.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.JsonForm;
import org.vocluster.cli.frame.Table;
import org.vocluster.sizing.journal.Moment;

/** The three forms in which {@code voc nodes} prints its nodes. Pure. */
final class NodeTables {
  private NodeTables() {}

  /** Nodes without their times. */
  static String table(List<NodeRow> rows, Instant now) {
    Table table = new Table("NODE", "VOC", "NODE JOB", "STATE", "PAD HOST", "AGE", "BOOT");
    for (NodeRow row : rows) {
      OptionalLong begun = row.moments().at(Moment.LAUNCHED);
      if (begun.isEmpty()) {
        begun = row.moments().at(Moment.SUBMITTED);
      }
      table.row(
          row.node(),
          row.voc(),
          row.job(),
          row.state(),
          row.host().isEmpty() ? "-" : row.host(),
          begun.isPresent() ? (now.getEpochSecond() - begun.getAsLong()) + "s" : "-",
          seconds(row.moments().between(Moment.EXEC, Moment.STARTD)));
    }
    return table.toString();
  }

  /** Nodes with a column for each moment, as seconds after the launch of their jobs. */
  static String timing(List<NodeRow> rows) {
    Table table =
        new Table(
            "NODE",
            "VOC",
            "PAD HOST",
            "STATE",
            "LAUNCHED",
            "SUBMITTED",
            "EXEC",
            "KERNEL",
            "STARTD",
            "FIRST AD",
            "FIRST CLAIM",
            "LAST CLAIM",
            "END");
    for (NodeRow row : rows) {
      List<String> cells = new ArrayList<>();
      cells.add(row.node());
      cells.add(row.voc());
      cells.add(row.host().isEmpty() ? "-" : row.host());
      cells.add(row.state());
      OptionalLong launched = row.moments().at(Moment.LAUNCHED);
      cells.add(launched.isPresent() ? AdTime.of(launched.getAsLong()).toString() : "-");
      for (Moment moment : Moment.values()) {
        if (moment != Moment.LAUNCHED) {
          cells.add(seconds(row.moments().between(Moment.LAUNCHED, moment)));
        }
      }
      table.row(cells.toArray(String[]::new));
    }
    return table.toString();
  }

  /** An array of an object for each node, as HTCondor's tools print ads; moments since 1970. */
  static String json(List<NodeRow> rows) {
    return rows.stream()
        .map(row -> JsonForm.print(ad(row)).strip())
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private static ClassAd ad(NodeRow row) {
    ClassAd.Builder ad =
        ClassAd.builder()
            .set(Attr.VOC, row.voc())
            .set("Node", row.node())
            .set("NodeJob", row.job())
            .set(CondorAttr.STATE, row.state())
            .set("Host", row.host());
    row.moments().addTo(ad);
    return ad.build();
  }

  private static String seconds(OptionalLong seconds) {
    return seconds.isPresent() ? Long.toString(seconds.getAsLong()) : "-";
  }
}
