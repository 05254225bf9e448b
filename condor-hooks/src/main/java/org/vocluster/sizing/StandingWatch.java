package org.vocluster.sizing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vocluster.condor.Aside;
import org.vocluster.sizing.StandingQuestion.Answer;
import org.vocluster.sizing.StandingQuestion.Side;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.standing.Missing;
import org.vocluster.sizing.standing.Standing;

/**
 * Keeps in mind whether the configuration in force is what VOC rests on. {@link Sizer} has it ask
 * in each pass; it does so aside and at a pace of its own. An answer holds until the next one of
 * the same side: a daemon that is silent has the configuration that it had.
 */
final class StandingWatch {
  /** Nothing tells that HTCondor was reconfigured, and from then on false claims may come in. */
  private static final Duration PACE = Duration.ofMinutes(1);

  /** Jobs wait, and somebody may be about to mend it. */
  private static final Duration STOPPED = Duration.ofSeconds(15);

  /** Between two questions that nobody's safety hangs on, and that are for all hosts and jobs. */
  private static final Duration REST = Duration.ofMinutes(10);

  private static final Duration AT_FIRST = Duration.ofSeconds(2);

  /** So often a daemon may give no answer at all, as while it starts, before that is an answer. */
  private static final int FIRST_TRIES = 3;

  private final StandingQuestion question;
  private final Aside aside;
  private final SizerLog log;

  private final Map<Side, List<Missing>> known = new EnumMap<>(Side.class);
  private final Map<Side, String> silent = new EnumMap<>(Side.class);
  private Standing standing = new Standing(List.of(), List.of("nobody was asked yet"));
  private boolean underWay;
  private int rounds;
  private Instant begun = Instant.EPOCH;
  private Instant restAsked = Instant.EPOCH;
  private boolean news;

  StandingWatch(StandingQuestion question, Aside aside, SizerLog log) {
    this.question = question;
    this.aside = aside;
    this.log = log;
  }

  /** Asks if it is time to. */
  void ask(Instant now) {
    if (underWay || now.isBefore(begun.plus(pace()))) {
      return;
    }
    underWay = true;
    begun = now;
    Set<Side> sides = EnumSet.allOf(Side.class);
    if (now.isBefore(restAsked.plus(REST))) {
      sides.removeIf(side -> !side.isNeeded());
    } else {
      restAsked = now;
    }
    aside.start(
        "ask for the configuration in force",
        () -> {
          Map<Side, Answer> answers = question.ask(sides);
          return () -> take(answers);
        });
  }

  private Duration pace() {
    if (isAwaited()) {
      return AT_FIRST;
    }
    return standing.obstacle().isPresent() ? STOPPED : PACE;
  }

  private void take(Map<Side, Answer> answers) {
    underWay = false;
    rounds++;
    answers.forEach(
        (side, answer) -> {
          switch (answer) {
            case Answer.Known(List<Missing> missing) -> {
              known.put(side, missing);
              silent.remove(side);
              log.forget("standing of " + side);
            }
            case Answer.Unknown(String why) -> {
              silent.put(side, why);
              log.sayOnce("standing of " + side, "configuration in force: " + side.unknown(why));
            }
          }
        });
    Standing before = standing;
    standing = conclude();
    if (!standing.equals(before)) {
      news = true;
      say();
    }
  }

  private Standing conclude() {
    List<Missing> missing = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Side side : Side.values()) {
      if (known.containsKey(side)) {
        missing.addAll(known.get(side));
      } else if (side.isNeeded()) {
        unknown.add(side.unknown(silent.getOrDefault(side, "it was not asked yet")));
      }
    }
    return new Standing(missing, unknown);
  }

  private void say() {
    log.sayOnce(
        "standing",
        standing.isSound()
            ? "the configuration in force is what VOC rests on"
            : "the configuration in force is not what VOC rests on:\n"
                + standing.missing().stream()
                    .map(each -> each.inWords() + "; " + each.remedy())
                    .collect(Collectors.joining("\n"))
                + String.join("\n", standing.unknown()));
  }

  /** Whether an answer is still to come without which nothing can be decided yet. */
  boolean isAwaited() {
    return rounds < FIRST_TRIES && !standing.unknown().isEmpty();
  }

  /** Whether it is another one than at the last call. */
  boolean takeNews() {
    boolean was = news;
    news = false;
    return was;
  }

  Standing standing() {
    return standing;
  }
}
