package org.vocluster.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vocluster.pool.Ending;
import org.vocluster.pool.Suite;
import org.vocluster.scenario.FaultMatrix.Cell;
import org.vocluster.scenario.FaultMatrix.End;
import org.vocluster.scenario.FaultMatrix.Expectation;
import org.vocluster.scenario.FaultMatrix.Stage;

/** The matrix as it came out: a table for people, and what missed its goal. */
final class FaultReport {
  private static final Path DIRECTORY = Path.of("target/faults");

  private final Suite suite;
  private final String version;
  private final Map<Cell, FaultScene.Outcome> outcomes = new LinkedHashMap<>();
  private final Map<String, String> payloads = new LinkedHashMap<>();

  /**
   * An empty report.
   *
   * @param version of HTCondor
   */
  FaultReport(Suite suite, String version) {
    this.suite = suite;
    this.version = version;
  }

  synchronized void add(FaultScene.Outcome outcome) {
    outcomes.put(outcome.cell(), outcome);
  }

  synchronized Collection<FaultScene.Outcome> outcomes() {
    return List.copyOf(outcomes.values());
  }

  /** Takes note of how a user's job ended; empty if it never did. */
  synchronized void payload(String job, Optional<Ending> ending, boolean wasHeld) {
    payloads.put(
        job,
        wasHeld
            ? "was HELD"
            : ending.isEmpty()
                ? "LOST"
                : ending.get().succeeded() ? "done" : "FAILED: " + ending.get());
  }

  /** Everything that is not as it should be, a line each. */
  synchronized List<String> misses() {
    List<String> misses = new ArrayList<>();
    for (FaultScene.Outcome outcome : outcomes.values()) {
      String cell = outcome.cell().toString();
      if (!outcome.trouble().isEmpty()) {
        misses.add(cell + ": could not be played: " + outcome.trouble());
        continue;
      }
      FaultWatch.Departure departure = outcome.departure();
      if (!departure.atBound().isEmpty()) {
        misses.add(
            "%s: not clean within %d s (%s): %s"
                .formatted(
                    cell,
                    outcome.cell().end().bound().toSeconds(),
                    departure.clean().map(FaultReport::seconds).orElse("never"),
                    departure.atBound()));
      }
      if (outcome.nodeJob().wrong()) {
        misses.add("%s: node job %s".formatted(cell, outcome.nodeJob().words()));
      }
    }
    payloads.forEach(
        (job, fate) -> {
          if (!fate.equals("done")) {
            misses.add("user's job %s: %s".formatted(job, fate));
          }
        });
    return misses;
  }

  /** Writes the table of this run to {@code target/faults}. */
  void write() {
    try {
      Files.createDirectories(DIRECTORY);
      Files.writeString(DIRECTORY.resolve(suite.debianName() + ".md"), table());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized String table() {
    StringBuilder text = new StringBuilder();
    text.append("## HTCondor ").append(version).append("\n\n");
    text.append(
        "| stage | end | left for a moment | clean after, s | goal, s | node job | user's job |\n"
            + "|---|---|---|---|---|---|---|\n");
    outcomes.values().stream()
        .sorted(
            Comparator.comparing((FaultScene.Outcome outcome) -> outcome.cell().stage())
                .thenComparing(outcome -> outcome.cell().end()))
        .forEach(outcome -> text.append(row(outcome)));
    return text.toString();
  }

  private String row(FaultScene.Outcome outcome) {
    Cell cell = outcome.cell();
    String begin = "| %s | %s | ".formatted(cell.stage().title(), cell.end().title());
    if (!outcome.trouble().isEmpty()) {
      return begin + "not played | | | | |\n";
    }
    FaultWatch.Departure departure = outcome.departure();
    String clean = departure.clean().map(FaultReport::seconds).orElse("never");
    String back =
        outcome.backAfter().map(after -> "back after %s s, ".formatted(seconds(after))).orElse("");
    return begin
        + "%s | %s | %d | %s after %s s | %s |\n"
            .formatted(
                departure.kinds().isEmpty() ? "nothing" : String.join(", ", departure.kinds()),
                departure.atBound().isEmpty() ? clean : "**" + clean + "**",
                cell.end().bound().toSeconds(),
                outcome.nodeJob().words(),
                seconds(outcome.nodeJob().after()),
                back + payloads.getOrDefault(outcome.payload(), "?"));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
  }

  /** The part of the page that no run changes: what the words mean and what there is no case of. */
  static String explanation() {
    StringBuilder text =
        new StringBuilder("| stage | the node has come so far that |\n|---|---|\n");
    for (Stage stage : Stage.values()) {
      text.append("| %s | %s |\n".formatted(stage.title(), stage.meaning()));
    }
    text.append("\n| end | is | clean within, s |\n|---|---|---|\n");
    for (End end : End.values()) {
      text.append(
          "| %s | %s | %d |\n".formatted(end.title(), end.meaning(), end.bound().toSeconds()));
    }
    text.append("\n| no such case | why |\n|---|---|\n");
    for (Cell cell : FaultMatrix.all()) {
      if (FaultMatrix.expected(cell) instanceof Expectation.Senseless(String reason)) {
        text.append("| %s | %s |\n".formatted(cell, reason));
      }
    }
    return text.toString();
  }
}
