package org.vocluster.sizing.decision;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to do about a VOC now, and why.
 *
 * @param verdict the decision in a word, as published in {@code VocDecision}
 * @param actions what to do, possibly nothing
 * @param reason a sentence for administrators
 * @param demandJobs idle jobs that its nodes would take
 * @param wantedNodes nodes that would have to be submitted if no pace and no limit of the pool held
 *     them back
 */
public record Decision(
    Verdict verdict, List<Action> actions, String reason, long demandJobs, int wantedNodes) {
  /** The kinds of decision. */
  public enum Verdict {
    /** Node jobs are submitted. */
    SUBMIT,
    /** Node jobs are removed, or nodes told to leave. */
    REMOVE,
    /** What exists or is coming suffices. */
    ENOUGH,
    /** More nodes are wanted than a maximum allows. */
    MAXIMUM,
    /** More nodes are wanted than may be starting at a time. */
    RAMP,
    /** Nodes failed lately: the next attempt has to wait, or is on its way. */
    PAUSED,
    /** Node jobs are on hold: somebody has to look. */
    HELD,
    /** Submission cannot work until somebody mends something. */
    BLOCKED,
    /** A reading failed: nothing is changed beyond a bound. */
    UNKNOWN,
    /** Another sizer serves this VOC. */
    STANDBY,
    /** The definition is not valid. */
    BROKEN;

    /** The word for it in {@code VocDecision}. */
    public String published() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of decision that was {@linkplain #published published} with this word. */
    public static Optional<Verdict> of(String published) {
      for (Verdict verdict : values()) {
        if (verdict.published().equals(published)) {
          return Optional.of(verdict);
        }
      }
      return Optional.empty();
    }
  }

  public Decision {
    actions = List.copyOf(actions);
  }
}
