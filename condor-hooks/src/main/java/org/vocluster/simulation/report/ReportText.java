package org.vocluster.simulation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vocluster.simulation.report.Report.Metric;
import org.vocluster.simulation.report.Report.Row;

/** Reports as tables for people and for programs. */
public final class ReportText {
  private ReportText() {}

  /**
   * A line for each measurement, a column for each VO and policy: what is to be compared stands
   * side by side.
   */
  public static List<List<String>> table(List<Report> reports) {
    List<List<String>> lines = new ArrayList<>();
    boolean several = reports.size() > 1;
    List<String> head = new ArrayList<>(List.of(""));
    List<Row> columns = new ArrayList<>();
    List<String> vos =
        reports.stream().flatMap(r -> r.rows().stream()).map(Row::vo).distinct().toList();
    for (String vo : vos) {
      for (Report report : reports) {
        report.rows().stream()
            .filter(row -> row.vo().equals(vo))
            .forEach(
                row -> {
                  head.add(several ? vo + ": " + report.policy() : vo);
                  columns.add(row);
                });
      }
    }
    lines.add(head);
    for (Metric metric : Metric.values()) {
      List<String> line = new ArrayList<>(List.of(indent(metric) + metric.text()));
      columns.forEach(row -> line.add(withUnit(metric, row.value(metric))));
      lines.add(line);
    }
    return lines;
  }

  private static String indent(Metric metric) {
    return switch (metric) {
      case BUSY_HOURS, WASTED_HOURS -> "  ";
      case BOOTING_HOURS, IDLE_HOURS, LEAVING_HOURS, FAILED_HOURS -> "    ";
      default -> "";
    };
  }

  private static String withUnit(Metric metric, double value) {
    return number(metric, value) + (metric.unit().isEmpty() ? "" : " " + metric.unit());
  }

  private static String number(Metric metric, double value) {
    return String.format(Locale.ROOT, "%." + metric.digits() + "f", value);
  }

  /** Comma-separated values (RFC 4180): a line for each policy and VO. */
  public static String csv(List<Report> reports) {
    StringBuilder text = new StringBuilder("policy,vo,hours");
    for (Metric metric : Metric.values()) {
      text.append(',').append(metric.column());
    }
    text.append("\r\n");
    for (Report report : reports) {
      for (Row row : report.rows()) {
        List<String> cells = new ArrayList<>();
        cells.add(quoted(report.policy()));
        cells.add(quoted(row.vo()));
        cells.add(String.format(Locale.ROOT, "%.3f", report.hours()));
        for (Metric metric : Metric.values()) {
          cells.add(number(metric, row.value(metric)));
        }
        text.append(String.join(",", cells)).append("\r\n");
      }
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"' || c < ' ')
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }
}
