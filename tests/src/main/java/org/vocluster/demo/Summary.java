package org.vocluster.demo;

import java.util.List;
import java.util.Locale;
import org.vocluster.measure.Measurement;
import org.vocluster.pool.Suite;

/** The measured figures as a table for people and as JSON. */
record Summary(Suite suite, double seconds, List<Measurement> measurements) {
  private static final String ROW = "%-34s %10s %-6s %8s  %-4s %s%n";

  String table() {
    StringBuilder table = new StringBuilder();
    table.append(ROW.formatted("measured", "value", "", "goal", "", "read from"));
    for (Measurement m : measurements) {
      table.append(
          ROW.formatted(
              m.name(),
              number(m.value()),
              m.unit(),
              m.goal().isPresent() ? number(m.goal().getAsDouble()) : "",
              m.goal().isEmpty() ? "" : m.reached() ? "yes" : "NO",
              m.source()));
    }
    return table.toString();
  }

  String json() {
    StringBuilder json = new StringBuilder();
    json.append("{\n  \"suite\": \"").append(suite.debianName()).append("\",\n");
    json.append("  \"seconds\": ").append(number(seconds)).append(",\n  \"measurements\": [");
    String separator = "\n";
    for (Measurement m : measurements) {
      json.append(separator)
          .append(
              "    { \"name\": \"%s\", \"value\": %s, \"unit\": \"%s\", \"goal\": %s, \"reached\": %s, \"source\": \"%s\" }"
                  .formatted(
                      m.name(),
                      number(m.value()),
                      m.unit(),
                      m.goal().isPresent() ? number(m.goal().getAsDouble()) : "null",
                      m.reached(),
                      m.source()));
      separator = ",\n";
    }
    return json.append("\n  ]\n}\n").toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
  }
}
