package org.vocluster.sizing;

import java.util.List;
import java.util.Locale;

/**
 * What to do about a VOC now, and why.
 *
 * @param verdict the decision in a word, as published in {@code VocDecision}
 * @param actions what to do, possibly nothing
 * @param reason a sentence for administrators
 */
record Decision(Verdict verdict, List<Action> actions, String reason) {
  /** The kinds of decision. */
  enum Verdict {
    /** Node jobs are submitted. */
    SUBMIT,
    /** Queued node jobs are removed. */
    REMOVE,
    /** What exists or is coming suffices. */
    ENOUGH,
    /** More nodes are wanted than the definition allows. */
    MAXIMUM,
    /** Nodes failed lately: the next attempt has to wait, or is on its way. */
    PAUSED,
    /** Node jobs are on hold: somebody has to look. */
    HELD,
    /** Submission cannot work until somebody mends something. */
    BLOCKED,
    /** A reading failed: nothing is changed beyond a bound. */
    UNKNOWN,
    /** The definition is not valid. */
    BROKEN;

    String published() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Decision {
    actions = List.copyOf(actions);
  }

  static Decision nothing(Verdict verdict, String reason) {
    return new Decision(verdict, List.of(), reason);
  }
}
