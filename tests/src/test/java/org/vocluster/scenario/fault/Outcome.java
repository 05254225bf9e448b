package org.vocluster.scenario.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.vocluster.scenario.fault.FaultMatrix.Cell;

/**
 * What happened in a cell.
 *
 * @param payload the user's job whose fate is still to be seen
 * @param backAfter how long after the end the running user's job was back in the queue
 * @param trouble why the cell could not be played; empty if it was
 */
record Outcome(
    Cell cell,
    FaultWatch.Departure departure,
    FaultWatch.Fate nodeJob,
    String payload,
    Optional<Duration> backAfter,
    String trouble) {
  static Outcome notPlayed(Cell cell, String why) {
    return new Outcome(
        cell,
        new FaultWatch.Departure(Optional.empty(), new TreeSet<>(), List.of()),
        new FaultWatch.Fate("", Duration.ZERO, false),
        "",
        Optional.empty(),
        why);
  }

  /** For who looks on. */
  String inWords() {
    return trouble.isEmpty()
        ? "clean after %s, %s, left at the bound %s; node job %s after %s; job back after %s"
            .formatted(
                departure.clean(),
                departure.kinds(),
                departure.atBound(),
                nodeJob.words(),
                nodeJob.after(),
                backAfter)
        : "not played: " + trouble;
  }
}
