package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.sizing.decision.Action.Avoid;
import org.vocluster.sizing.decision.Action.Drain;
import org.vocluster.sizing.decision.Action.Remove;
import org.vocluster.sizing.decision.Action.Submit;
import org.vocluster.sizing.decision.Decision.Verdict;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.decision.PoolDecision.Placement;
import org.vocluster.sizing.history.Breakers;
import org.vocluster.sizing.reading.NodeJob;

/**
 * The sizing policy: from what is known about all VOCs to what to do. Pure.
 *
 * <p>Groups of idle jobs are placed, largest requests first, into the capacity that the nodes of
 * their candidates have left: nodes in the pool, then booting, submitted and queued ones. What is
 * left over needs new nodes of the first candidate whose limits leave room; a maximum, an obstacle
 * or an open breaker sends the rest to the next candidate. Paces (ramp, batch, the bound while
 * readings are unknown) only delay. The pool-wide maximum is shared so that the VOC with the fewest
 * nodes gets the next one.
 *
 * <p>Queued node jobs that are not needed go first. A node that runs is never removed but told to
 * take no more jobs, and only while nobody has a claim on it.
 */
final class Sizing {
  private final PoolSituation pool;
  private final SizingLimits limits;
  private final Instant now;
  private final Admission admission;
  private final Capacity capacity;
  private final Map<String, Draft> drafts = new LinkedHashMap<>();

  private Sizing(PoolSituation pool) {
    this.pool = pool;
    this.limits = pool.limits();
    this.now = pool.now();
    this.admission = new Admission(pool);
    this.capacity = new Capacity(pool.vocs());
  }

  static PoolDecision decide(PoolSituation pool) {
    return new Sizing(pool).decide();
  }

  private PoolDecision decide() {
    for (VocSituation voc : pool.vocs()) {
      drafts.put(voc.voc(), admission.draft(voc));
    }
    List<Placement> placements = Placing.place(pool.demand(), drafts, admission, capacity);
    drafts.values().forEach(draft -> Shares.keepSome(draft, admission, capacity));
    Shares.share(drafts.values(), pool);
    Leaving leaving = new Leaving(pool, capacity);
    List<Action> others = new ArrayList<>(leaving.ofNoVoc());
    drafts.values().forEach(leaving::of);
    Set<String> avoided = new TreeSet<>(Breakers.hosts(pool.breakers()));
    others.addAll(HostAvoidance.changes(pool, avoided));
    Map<String, Decision> decisions = new LinkedHashMap<>();
    drafts.forEach((voc, draft) -> decisions.put(voc, conclude(draft)));
    return new PoolDecision(decisions, others, placements, avoided);
  }

  // --- the conclusion in words

  private Decision conclude(Draft draft) {
    VocSituation voc = draft.voc;
    int missing = draft.wanted + draft.denied;
    String need = need(draft, missing);
    List<Action> actions = new ArrayList<>(draft.orderedAway);
    actions.addAll(draft.submissions(need));
    StringBuilder reason = new StringBuilder(need);
    Verdict verdict = verdict(draft, missing);
    if (draft.submit > 0) {
      reason.append(": submitting ").append(nodes(draft.submit)).append(submitting(draft));
    } else if (missing > 0) {
      reason.append(", but ").append(hindrance(draft, verdict));
    } else if (voc.standby().isPresent()) {
      reason.append("; ").append(voc.standby().get());
    } else if (verdict == Verdict.UNKNOWN) {
      reason.append("; the collector's answer is unknown");
    }
    if (!pool.queuesUnknown().isEmpty()) {
      reason.append("; ").append(pool.queuesUnknown());
    }
    for (Action action : draft.orderedAway) {
      switch (action) {
        case Remove(List<NodeJob> removed, String why) ->
            reason.append(": removing ").append(nodes(removed.size())).append(", ").append(why);
        case Drain(List<NodeJob> told, String why) ->
            reason
                .append(": telling ")
                .append(nodes(told.size()))
                .append(" to leave, ")
                .append(why);
        case Submit submit -> {}
        case Avoid avoid -> {}
      }
    }
    return new Decision(verdict, actions, reason.toString(), draft.jobs, draft.wanted);
  }

  private Verdict verdict(Draft draft, int missing) {
    if (draft.submit > 0) {
      return Verdict.SUBMIT;
    }
    if (draft.voc.standby().isPresent()) {
      return Verdict.STANDBY;
    }
    if (missing > 0) {
      if (draft.isStopped()) {
        return draft.hindered;
      }
      if (draft.wanted > 0 && !draft.voc.slotsKnown() && limits.blindNodes() <= draft.counted) {
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
    return draft.voc.slotsKnown() ? Verdict.ENOUGH : Verdict.UNKNOWN;
  }

  private String hindrance(Draft draft, Verdict verdict) {
    return switch (verdict) {
      case UNKNOWN ->
          "the collector's answer is unknown: no more than "
              + nodes(limits.blindNodes())
              + " until it is known";
      case RAMP ->
          nodes(draft.voc.starting()) + " are starting and RampNodes is " + draft.voc.rampNodes();
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

  private String submitting(Draft draft) {
    if (draft.isBroken()) {
      return " to see whether nodes start again";
    }
    if (draft.submit < draft.wanted) {
      if (draft.submit == draft.voc.rampNodes() - draft.voc.starting()) {
        return ", as many as RampNodes " + draft.voc.rampNodes() + " lets start";
      }
      return draft.submit < Shares.paced(draft, limits)
          ? ", what VOC_MAX_NODES " + limits.maxNodes() + " leaves"
          : ", more to follow";
    }
    return draft.denied > 0 ? " up to MaxNodes " + draft.voc.maxNodes() : "";
  }

  private static String need(Draft draft, int missing) {
    VocSituation voc = draft.voc;
    long here = draft.jobs - draft.elsewhere;
    StringBuilder text = new StringBuilder();
    if (draft.jobs == 0) {
      text.append("no idle job");
    } else {
      text.append(draft.jobs).append(draft.jobs == 1 ? " idle job" : " idle jobs");
      if (draft.elsewhere > 0) {
        text.append(" (").append(draft.elsewhere).append(" of them left to other VOCs)");
      }
    }
    if (here == 0 && voc.minNodes() > 0) {
      text.append(", MinNodes ").append(voc.minNodes());
    }
    if (voc.spareNodes() > 0) {
      text.append(", SpareNodes ").append(voc.spareNodes());
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
    return count + (count == 1 ? " node" : " nodes");
  }
}
