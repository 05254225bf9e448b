package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vocluster.ad.AdTime;
import org.vocluster.condor.Counted;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.os.Printable;

/**
 * A VOC's node jobs that are on hold: {@link Admission} asks whether they are all it has, {@link
 * Leaving} which of them have been for long enough, {@link Conclusion} what to say. Who or what
 * held them makes no difference here: they are nobody's supply and do not stay for ever.
 */
final class OnHold {
  private final List<NodeJob> jobs = new ArrayList<>();
  private final boolean anyOther;
  private final SizingLimits limits;

  OnHold(VocSituation voc, SizingLimits limits) {
    boolean other = false;
    for (NodeSupply node : voc.nodes()) {
      if (node.current()) {
        if (node.stage() == Stage.HELD) {
          node.job().ifPresent(jobs::add);
        } else {
          other |= node.isStarting() || node.stage() == Stage.READY;
        }
      }
    }
    jobs.sort(Comparator.comparingLong(NodeJob::since).thenComparing(NodeJob::id));
    this.anyOther = other;
    this.limits = limits;
  }

  /** Whether there is one, and no node that starts or takes jobs. */
  boolean isAllThereIs() {
    return !jobs.isEmpty() && !anyOther;
  }

  /** Those that the sizer submitted and that have been on hold for long enough. */
  List<NodeJob> due(Instant now) {
    return jobs.stream().filter(NodeJob::isOwn).filter(job -> !until(job).isAfter(now)).toList();
  }

  /** Why one is removed: what held it is kept with it. */
  String whyRemoved(NodeJob job) {
    return "on hold for " + limits.heldAtMost().toSeconds() + " s: " + reason(job);
  }

  /** How many there are, which has been for longest and why, and what to do about it. */
  Optional<String> words() {
    if (jobs.isEmpty()) {
      return Optional.empty();
    }
    NodeJob first = jobs.getFirst();
    return Optional.of(
        Counted.of(jobs.size(), "node job is", "node jobs are")
            + " on hold ("
            + first.id()
            + ": "
            + reason(first)
            + "); mend that, then condor_release or condor_rm "
            + first.id()
            + (first.isOwn() ? ", which sizing removes at " + until(first) : ""));
  }

  private Instant until(NodeJob job) {
    return AdTime.of(job.since()).plus(limits.heldAtMost());
  }

  private static String reason(NodeJob job) {
    return job.holdReason().isEmpty() ? "no reason given" : Printable.of(job.holdReason());
  }
}
