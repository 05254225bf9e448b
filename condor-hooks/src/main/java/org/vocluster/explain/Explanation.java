package org.vocluster.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why a job is where it is: what {@link WhyQuestion} answers and {@link Words} says.
 *
 * @param vocs the VOCs whose nodes would take it, preferred first
 * @param reasons the nearest first
 * @param conditions how each VOC's prototype and the job judge each other, for who wants to know
 */
public record Explanation(
    Job job, List<String> vocs, List<Reason> reasons, List<ConditionTable> conditions) {

  /**
   * The job itself.
   *
   * @param id of one job, or of one and those like it
   * @param owner whose it is, empty if unknown
   * @param state in a word: {@code idle}
   * @param since when it entered that state
   * @param vo its VO, empty if none
   */
  public record Job(String id, String owner, String state, Optional<Instant> since, String vo) {}

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
