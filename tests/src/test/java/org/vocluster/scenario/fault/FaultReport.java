package org.vocluster.scenario.fault;

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
import org.vocluster.pool.Suite;
import org.vocluster.scenario.fault.FaultMatrix.Cell;
import org.vocluster.scenario.fault.FaultMatrix.End;
import org.vocluster.scenario.fault.FaultMatrix.Expectation;
import org.vocluster.scenario.fault.FaultMatrix.Stage;
import org.vocluster.vocpool.Ending;

/** The matrix as it came out: a table for people, and what missed its goal. */
final class FaultReport {
  private static final Path DIRECTORY = Path.of("target/faults");

  /** From the known end of a node to its job's return to the queue. */
  private static final Duration BACK = Duration.ofSeconds(3);

  private static final String HEAD =
      """
      # What is left when a node ends

      Every end of a node at every stage of its life, on a real pool with real faults. A run of `LifecycleOn23Test` and `LifecycleOn25Test` writes this page to `tests/target/faults/faults.md`; what is here was
      copied from there after

          mvn -Ppool -pl tests -am verify -Dvoc.scenarios.all=true -Dtest='LifecycleOn*Test' -Dsurefire.failIfNoSpecifiedTests=false

      `./check` plays a selection that meets each mechanism that cleans, `./check --long` all of it. A cell that misses its goal fails the test; in `./check`, whose machine may be loaded, only by more than twice.

      Clean means: on the host no process of the node or its hooks, no starter, nothing in EXECUTE, no lease, nothing in /dev/shm and no temporary file; in the collector no ad of the node; and that it
      stays so. The clock starts with the fault; where the guest ends by itself, with QEMU's end; where the collector is away, with its return. A node job is accounted for when it is in the history or back in
      the queue. A user's job runs in the node in the cells "running a job", and waits for one in all others; it is never on hold, and runs to completion elsewhere.

      The goal is 5 s where a hook of ours runs at the node's end, and 60 s where nothing runs and something periodic has to find what is left. On HTCondor 25.4 and later there is no JOB_EXIT hook of ours
      (decision 0301): where the starter lives, it cleans, and the node's lease, which holds nothing any more, goes with the next run of `advertise` (`VOC_ADVERTISE_PERIOD`, 15 s as it comes and 5 s in this pool): within 10 s here.
      Where `prepare-job` has refused a job, the starter of 25.14.1 does not end by itself, and its startd kills it after 40 s.

      A running user's job is to be back in the queue 3 s after its node job's end is known (decision 0631). Of a host that is lost without a word that is known when the node job's lease is over: after 120 s in this
      pool, after `VOC_NODE_LEASE_SECONDS` (1200 s) as it comes.

      Before a guest runs, a stage is held by programs that the hosts' configuration puts around prepare-job and QEMU; they let go as soon as the end has begun, so that what was under way goes on. These
      nodes have a guest that does nothing, and sizing has no opinion about them. From "joined" on, nodes are those that sizing asked for, with Debian and HTCondor in them.

      """;

  private final Suite suite;
  private final String version;
  private final Map<Cell, Outcome> outcomes = new LinkedHashMap<>();
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

  synchronized void add(Outcome outcome) {
    outcomes.put(outcome.cell(), outcome);
  }

  synchronized Collection<Outcome> outcomes() {
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
  synchronized List<String> misses(int times) {
    List<String> misses = new ArrayList<>();
    for (Outcome outcome : outcomes.values()) {
      String cell = outcome.cell().toString();
      if (!outcome.trouble().isEmpty()) {
        misses.add(cell + ": could not be played: " + outcome.trouble());
        continue;
      }
      FaultWatch.Departure departure = outcome.departure();
      Duration latest = outcome.cell().bound(suite).multipliedBy(times);
      if (departure.clean().isEmpty() || departure.clean().get().compareTo(latest) > 0) {
        misses.add(
            "%s: not clean within %d s (%s): %s"
                .formatted(
                    cell,
                    outcome.cell().bound(suite).toSeconds(),
                    departure.clean().map(FaultReport::seconds).orElse("never"),
                    departure.atBound()));
      }
      if (outcome.nodeJob().wrong()) {
        misses.add("%s: node job %s".formatted(cell, outcome.nodeJob().words()));
      }
      Duration back = outcome.nodeJob().after().plus(BACK.multipliedBy(times));
      if (outcome.backAfter().isPresent() && outcome.backAfter().get().compareTo(back) > 0) {
        misses.add(
            "%s: user's job back after %s s, its node's end known after %s s"
                .formatted(
                    cell, seconds(outcome.backAfter().get()), seconds(outcome.nodeJob().after())));
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

  /**
   * Writes the table of this run, and the page with the tables of all versions of HTCondor that
   * there are, to {@code target/faults}.
   */
  void write() {
    try {
      Files.createDirectories(DIRECTORY);
      Files.writeString(tableOf(suite), table());
      StringBuilder page = new StringBuilder(HEAD).append(explanation());
      for (Suite each : Suite.values()) {
        if (Files.exists(tableOf(each))) {
          page.append('\n').append(Files.readString(tableOf(each)));
        }
      }
      Files.writeString(DIRECTORY.resolve("faults.md"), page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path tableOf(Suite suite) {
    return DIRECTORY.resolve("table-%s.md".formatted(suite.debianName()));
  }

  private synchronized String table() {
    StringBuilder text = new StringBuilder();
    text.append("## HTCondor ").append(version).append("\n\n");
    text.append(
        """
        | stage | end | left for a moment | clean after, s | goal, s | node job | user's job |
        |---|---|---|---|---|---|---|
        """);
    outcomes.values().stream()
        .sorted(
            Comparator.comparing((Outcome outcome) -> outcome.cell().stage())
                .thenComparing(outcome -> outcome.cell().end()))
        .forEach(outcome -> text.append(row(outcome)));
    return text.toString();
  }

  private String row(Outcome outcome) {
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
                cell.bound(suite).toSeconds(),
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
    text.append(
        "\n| end | is | clean within, s | with HTCondor 25.4 and later |\n|---|---|---|---|\n");
    for (End end : End.values()) {
      text.append(
          "| %s | %s | %d | %d |\n"
              .formatted(
                  end.title(),
                  end.meaning(),
                  new Cell(Stage.BOOTING, end).bound(Suite.TRIXIE).toSeconds(),
                  new Cell(Stage.BOOTING, end).bound(Suite.SID).toSeconds()));
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
