package org.vocluster.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why a job is where it is.
 *
 * @param job its id
 * @param owner whose it is, empty if unknown
 * @param state in a word: {@code idle}
 * @param since when it entered that state
 * @param vo its VO, empty if none
 * @param vocs the VOCs whose nodes would take it, preferred first
 * @param reasons the nearest first
 * @param conditions how each VOC's prototype and the job judge each other, for who wants to know
 */
public record Explanation(
    String job,
    String owner,
    String state,
    Optional<Instant> since,
    String vo,
    List<String> vocs,
    List<Reason> reasons,
    List<ConditionTable> conditions) {

  /** The conditions between the job and one VOC's prototype slot. */
  record ConditionTable(String voc, String shape, List<Condition> conditions) {
    ConditionTable {
      conditions = List.copyOf(conditions);
    }
  }

  /** Whether there is such a job. */
  public boolean isFound() {
    return reasons.stream().noneMatch(reason -> reason instanceof Reason.NoSuchJob);
  }

  public Explanation {
    vocs = List.copyOf(vocs);
    reasons = List.copyOf(reasons);
    conditions = List.copyOf(conditions);
  }
}
