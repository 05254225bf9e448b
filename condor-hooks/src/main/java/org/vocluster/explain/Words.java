package org.vocluster.explain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Says explanations to people: the door of this package for commands that have something to print.
 */
public final class Words {
  private final TimeWords time;
  private final ReasonWords reasons;

  /**
   * @param now for how long ago something was
   * @param zone in which times of day are said
   */
  public Words(Instant now, ZoneId zone) {
    this.time = new TimeWords(now, zone);
    this.reasons = new ReasonWords(time);
  }

  /** The whole explanation. */
  public String of(Explanation explanation, boolean verbose) {
    StringBuilder text = new StringBuilder();
    text.append(head(explanation)).append('\n');
    for (Reason reason : explanation.reasons()) {
      Sentence sentence = reasons.of(reason);
      text.append("  ").append(sentence.says()).append('\n');
      for (String detail : sentence.details()) {
        text.append("      ").append(detail).append('\n');
      }
      if (!sentence.remedy().isEmpty()) {
        text.append("    -> ").append(sentence.remedy()).append('\n');
      }
    }
    if (verbose) {
      for (Explanation.ConditionTable table : explanation.conditions()) {
        text.append('\n').append(ConditionWords.of(table));
      }
    }
    return text.toString();
  }

  private String head(Explanation explanation) {
    Explanation.Job job = explanation.job();
    StringBuilder text = new StringBuilder("job ").append(job.id());
    if (!job.owner().isEmpty()) {
      text.append(" of ").append(job.owner());
    }
    if (!job.vo().isEmpty()) {
      text.append(", VO ").append(job.vo());
    }
    if (!explanation.vocs().isEmpty()) {
      text.append(", VOC ").append(String.join(" or ", explanation.vocs()));
    }
    text.append(": ").append(job.state());
    job.since().ifPresent(since -> text.append(" since ").append(time.moment(since)));
    return text.toString();
  }

  /** Whether sizing cannot be running any more if this is when it was last heard of. */
  public boolean isSilent(Instant lastSeen) {
    return Reason.SizingSilent.isSilent(lastSeen, time.now());
  }

  /** That nothing was heard of sizing for long. */
  public String silent(String accessPoint, Optional<Instant> lastSeen) {
    return reasons.silent(accessPoint, lastSeen);
  }
}
