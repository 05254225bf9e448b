package org.vocluster.sizing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vocluster.sizing.Action.Remove;
import org.vocluster.sizing.Action.Submit;
import org.vocluster.sizing.Decision.Verdict;

/** The sizing policy: from what is known about a VOC to what to do. Pure. */
final class Sizing {
  private static final int READY = 0;
  private static final int BOOTING = 1;
  private static final int SUBMITTED = 2;
  private static final int QUEUED = 3;
  private static final int NEW = 4;

  private Sizing() {}

  /**
   * Decides about one VOC.
   *
   * <p>Idle jobs are packed into the capacity that nodes have left, first into nodes that have
   * joined, then into booting, submitted and queued ones; what is left over needs new nodes, and
   * queued nodes that got nothing are surplus. While a reading is unknown nothing is removed. Nodes
   * that run are removed only if they never joined: an unclaimed one shuts itself down.
   */
  static Decision decide(VocSituation voc, SizingLimits limits, Instant now) {
    Packing packing = new Packing();
    voc.ready().forEach(free -> packing.offer(free, 1, READY));
    packing.offer(voc.nodeOffers(), voc.booting(), BOOTING);
    packing.offer(voc.nodeOffers(), voc.submitted(), SUBMITTED);
    packing.offer(voc.nodeOffers(), voc.queued().size(), QUEUED);
    packing.offer(voc.nodeOffers(), voc.demandJobs(), NEW);
    packing.place(voc.demand());

    int missing = Math.max(packing.used(NEW), voc.minNodes() - voc.nodes());
    String need = need(voc, missing);
    List<NodeJob> unwanted =
        voc.slotsKnown()
            ? unwanted(voc, voc.queued().size() - packing.used(QUEUED), limits, now)
            : List.of();

    List<Action> removal = unwanted.isEmpty() ? List.of() : List.of(new Remove(unwanted));
    if (missing <= 0) {
      if (!unwanted.isEmpty()) {
        return new Decision(
            Verdict.REMOVE,
            removal,
            need
                + ": removing "
                + nodes(unwanted.size())
                + (voc.overdue().isEmpty()
                    ? " still queued"
                    : ", " + voc.overdue().size() + " of them because it never joined the pool"));
      }
      return voc.slotsKnown()
          ? Decision.nothing(Verdict.ENOUGH, need)
          : Decision.nothing(Verdict.UNKNOWN, need + "; the collector's answer is unknown");
    }
    int room = voc.maxNodes() - voc.nodes();
    if (room <= 0) {
      return new Decision(Verdict.MAXIMUM, removal, need + ", but MaxNodes is " + voc.maxNodes());
    }
    Optional<Decision> hindered = hindered(voc, need, removal, now);
    if (hindered.isPresent()) {
      return hindered.get();
    }
    int submit = Math.min(Math.min(missing, room), limits.perPass());
    if (!voc.slotsKnown()) {
      submit = Math.min(submit, limits.blindNodes() - voc.nodes());
      if (submit <= 0) {
        return Decision.nothing(
            Verdict.UNKNOWN,
            need
                + ", but the collector's answer is unknown: no more than "
                + nodes(limits.blindNodes())
                + " until it is known");
      }
    }
    // After failures one node has to show that nodes work again.
    boolean probe = voc.setback().isPresent();
    if (probe) {
      submit = 1;
    }
    List<Action> actions = new ArrayList<>(removal);
    actions.add(new Submit(submit));
    return new Decision(
        Verdict.SUBMIT,
        actions,
        need
            + ": submitting "
            + nodes(submit)
            + (probe ? " to see whether nodes start again" : "")
            + (submit == room && missing > room ? " up to MaxNodes " + voc.maxNodes() : ""));
  }

  private static Optional<Decision> hindered(
      VocSituation voc, String need, List<Action> removal, Instant now) {
    if (voc.obstacle().isPresent()) {
      return Optional.of(
          new Decision(Verdict.BLOCKED, removal, need + ", but " + voc.obstacle().get()));
    }
    if (!voc.held().isEmpty()) {
      NodeJob first = voc.held().getFirst();
      return Optional.of(
          new Decision(
              Verdict.HELD,
              removal,
              need
                  + ", but "
                  + voc.held().size()
                  + (voc.held().size() == 1 ? " node job is" : " node jobs are")
                  + " on hold ("
                  + first.id()
                  + ": "
                  + first.holdReason()
                  + "); mend that, then condor_release or condor_rm "
                  + first.id()));
    }
    if (voc.setback().isPresent()) {
      Setback setback = voc.setback().get();
      if (now.isBefore(setback.until())) {
        return Optional.of(
            new Decision(
                Verdict.PAUSED,
                removal,
                need
                    + ", but "
                    + setback.what()
                    + "; next attempt in "
                    + seconds(Duration.between(now, setback.until()))));
      }
      if (voc.booting() + voc.queued().size() + voc.submitted() > 0) {
        return Optional.of(
            new Decision(
                Verdict.PAUSED,
                removal,
                need
                    + ", but "
                    + setback.what()
                    + "; waiting for the one node that shows whether nodes start again"));
      }
    }
    return Optional.empty();
  }

  /** Node jobs to remove: of an old definition, overdue, then the youngest of the surplus. */
  private static List<NodeJob> unwanted(
      VocSituation voc, int unused, SizingLimits limits, Instant now) {
    List<NodeJob> result = new ArrayList<>(voc.obsolete());
    result.addAll(voc.overdue());
    int aboveMaximum = voc.nodes() - voc.maxNodes();
    int surplus =
        Math.min(
            voc.queued().size(),
            Math.max(aboveMaximum, Math.min(unused, voc.nodes() - voc.minNodes())));
    voc.queued().stream()
        .sorted(Comparator.comparing(NodeJob::id).reversed())
        .filter(
            node -> !Instant.ofEpochSecond(node.since()).plus(limits.queuedAtLeast()).isAfter(now))
        .limit(Math.max(0, surplus))
        .forEach(result::add);
    return result;
  }

  private static String need(VocSituation voc, int missing) {
    int jobs = voc.demandJobs();
    StringBuilder text = new StringBuilder();
    if (jobs == 0) {
      text.append("no idle job");
      if (voc.minNodes() > 0) {
        text.append(", MinNodes ").append(voc.minNodes());
      }
    } else {
      text.append(jobs).append(jobs == 1 ? " idle job" : " idle jobs");
    }
    text.append(", ").append(nodes(voc.nodes()));
    List<String> parts = new ArrayList<>();
    part(parts, voc.ready().size(), "joined");
    part(parts, voc.booting(), "booting");
    part(parts, voc.queued().size() + voc.submitted(), "queued");
    part(parts, voc.overdue().size(), "overdue");
    part(parts, voc.leaving(), "leaving");
    if (!parts.isEmpty()) {
      text.append(" (").append(String.join(", ", parts)).append(')');
    }
    if (missing > 0) {
      text.append(", ").append(missing).append(" missing");
    } else if (jobs > 0) {
      text.append(", enough for all");
    }
    return text.toString();
  }

  private static void part(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static String nodes(int count) {
    return count + (count == 1 ? " node" : " nodes");
  }

  private static String seconds(Duration duration) {
    long seconds = Math.max(1, duration.toSeconds());
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }
}
