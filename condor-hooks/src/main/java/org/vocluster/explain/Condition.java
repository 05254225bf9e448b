package org.vocluster.explain;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.sizing.demand.ClauseAnalysis;

/**
 * A condition that a job sets a slot, or a slot a job.
 *
 * @param side whose condition it is
 */
record Condition(Side side, ClauseAnalysis.Clause clause) {
  /** Who sets a condition. */
  enum Side {
    JOB("job", "slot"),
    SLOT("slot", "job");

    private final String own;
    private final String other;

    Side(String own, String other) {
      this.own = own;
      this.other = other;
    }

    /** Whose an attribute of such a condition is, in a word. */
    String owner(ClauseAnalysis.Side side) {
      return switch (side) {
        case MY -> own;
        case TARGET -> other;
      };
    }

    @Override
    public String toString() {
      return own;
    }
  }

  /** All conditions that a job and a slot set each other, the job's first. */
  static List<Condition> between(ClassAd job, ClassAd slot, EvalContext context) {
    List<Condition> result = new ArrayList<>();
    ClauseAnalysis.of(job, slot, context)
        .clauses()
        .forEach(clause -> result.add(new Condition(Side.JOB, clause)));
    ClauseAnalysis.of(slot, job, context)
        .clauses()
        .forEach(clause -> result.add(new Condition(Side.SLOT, clause)));
    return result;
  }

  boolean holds() {
    return clause.met();
  }
}
