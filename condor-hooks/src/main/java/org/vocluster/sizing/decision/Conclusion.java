package org.vocluster.sizing.decision;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.condor.Counted;
import org.vocluster.sizing.decision.Action.Avoid;
import org.vocluster.sizing.decision.Action.Drain;
import org.vocluster.sizing.decision.Action.Remove;
import org.vocluster.sizing.decision.Action.Submit;
import org.vocluster.sizing.decision.Decision.Verdict;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.reading.NodeJob;

/**
 * From a finished draft to the decision: the verdict, and the sentence for administrators that says
 * why. It changes nothing in the draft.
 */
final class Conclusion {
  private final Draft draft;
  private final VocSituation voc;
  private final PoolSituation pool;
  private final SizingLimits limits;

  /** Nodes that are wanted and not there. */
  private final int missing;

  private Conclusion(Draft draft, PoolSituation pool) {
    this.draft = draft;
    this.voc = draft.voc;
    this.pool = pool;
    this.limits = pool.limits();
    this.missing = draft.wanted + draft.denied;
  }

  static Decision of(Draft draft, PoolSituation pool) {
    return new Conclusion(draft, pool).decision();
  }

  private Decision decision() {
    Verdict verdict = verdict();
    String need = need();
    List<Action> actions = new ArrayList<>(draft.orderedAway);
    actions.addAll(draft.submissions(need));
    StringBuilder reason = new StringBuilder(need);
    if (draft.submit > 0) {
      reason.append(": submitting ").append(nodes(draft.submit)).append(submitting());
    } else if (missing > 0) {
      reason.append(", but ").append(hindrance(verdict));
    } else if (voc.standby().isPresent()) {
      reason.append("; ").append(voc.standby().get());
    } else if (verdict == Verdict.UNKNOWN) {
      reason.append("; the collector's answer is unknown");
    }
    if (verdict != Verdict.HELD) {
      new OnHold(voc, limits).words().ifPresent(words -> reason.append("; ").append(words));
    }
    if (!pool.demand().queuesUnknown().isEmpty()) {
      reason.append("; ").append(pool.demand().queuesUnknown());
    }
    draft.orderedAway.forEach(action -> reason.append(leaving(action)));
    return new Decision(verdict, actions, reason.toString(), draft.jobs, draft.wanted);
  }

  private Verdict verdict() {
    if (draft.submit > 0) {
      return Verdict.SUBMIT;
    }
    if (voc.standby().isPresent()) {
      return Verdict.STANDBY;
    }
    if (missing > 0) {
      if (draft.isStopped()) {
        return draft.hindered;
      }
      if (draft.wanted > 0 && !voc.slotsKnown() && limits.blindNodes() <= draft.counted) {
        return Verdict.UNKNOWN;
      }
      if (draft.wanted > 0 && Shares.paced(draft, limits) == 0) {
        return Verdict.RAMP;
      }
      return Verdict.MAXIMUM;
    }
    if (!draft.orderedAway.isEmpty()) {
      return Verdict.REMOVE;
    }
    return voc.slotsKnown() ? Verdict.ENOUGH : Verdict.UNKNOWN;
  }

  private String hindrance(Verdict verdict) {
    return switch (verdict) {
      case UNKNOWN ->
          "the collector's answer is unknown: no more than "
              + nodes(limits.blindNodes())
              + " until it is known";
      case RAMP ->
          nodes(voc.starting()) + " are starting and RampNodes is " + voc.bounds().rampNodes();
      case MAXIMUM ->
          draft.wanted > 0
              ? "all VOCs together have "
                  + pool.counted()
                  + " of VOC_MAX_NODES "
                  + limits.maxNodes()
              : draft.hindrance;
      case SUBMIT, REMOVE, ENOUGH, PAUSED, HELD, BLOCKED, STANDBY, BROKEN -> draft.hindrance;
    };
  }

  private String submitting() {
    if (draft.isBroken()) {
      return " to see whether nodes start again";
    }
    if (draft.submit < draft.wanted) {
      if (draft.submit == voc.bounds().rampNodes() - voc.starting()) {
        return ", as many as RampNodes " + voc.bounds().rampNodes() + " lets start";
      }
      return draft.submit < Shares.paced(draft, limits)
          ? ", what VOC_MAX_NODES " + limits.maxNodes() + " leaves"
          : ", more to follow";
    }
    if (draft.denied > 0 && draft.isLimited()) {
      return " and no more: " + draft.hindrance;
    }
    return draft.denied > 0 ? " up to MaxNodes " + voc.bounds().maxNodes() : "";
  }

  private static String leaving(Action action) {
    return switch (action) {
      case Remove(List<NodeJob> nodes, String why) ->
          ": removing " + nodes(nodes.size()) + ", " + why;
      case Drain(List<NodeJob> nodes, String why) ->
          ": telling " + nodes(nodes.size()) + " to leave, " + why;
      case Submit submit -> "";
      case Avoid avoid -> "";
    };
  }

  /** What jobs and the definition ask for, and what there is. */
  private String need() {
    long here = draft.jobs - draft.elsewhere;
    StringBuilder text = new StringBuilder();
    if (draft.jobs == 0) {
      text.append("no idle job");
    } else {
      text.append(Counted.of(draft.jobs, "idle job"));
      if (draft.elsewhere > 0) {
        text.append(" (").append(draft.elsewhere).append(" of them left to other VOCs)");
      }
    }
    if (!draft.untold.isEmpty()) {
      text.append(", a node is to show whether its image has ")
          .append(String.join(", ", draft.untold));
    }
    if (here == 0 && voc.bounds().minNodes() > 0) {
      text.append(", MinNodes ").append(voc.bounds().minNodes());
    }
    if (voc.bounds().spareNodes() > 0) {
      text.append(", SpareNodes ").append(voc.bounds().spareNodes());
    }
    text.append(", ").append(nodes(draft.counted));
    List<String> parts = new ArrayList<>();
    part(parts, voc.count(Stage.READY), "joined");
    part(parts, voc.count(Stage.BOOTING), "booting");
    part(parts, voc.count(Stage.QUEUED) + voc.count(Stage.SUBMITTED), "queued");
    part(parts, voc.count(Stage.OVERDUE), "overdue");
    part(parts, voc.count(Stage.LOST), "lost");
    part(parts, voc.count(Stage.LEAVING), "leaving");
    if (!parts.isEmpty()) {
      text.append(" (").append(String.join(", ", parts)).append(')');
    }
    if (missing > 0) {
      text.append(", ").append(missing).append(" missing");
    } else if (here > 0) {
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
    return Counted.of(count, "node");
  }
}
