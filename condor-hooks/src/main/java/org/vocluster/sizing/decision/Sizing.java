package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
import org.vocluster.sizing.decision.Packing.Tier;
import org.vocluster.sizing.decision.PoolDecision.Placement;
import org.vocluster.sizing.history.Breaker.Scope;
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
  private int removalsLeft;

  private Sizing(PoolSituation pool) {
    this.pool = pool;
    this.limits = pool.limits();
    this.now = pool.now();
    this.admission = new Admission(pool);
    this.capacity = new Capacity(pool.vocs());
    this.removalsLeft = limits.maxRemovals();
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
    List<Action> others = new ArrayList<>();
    removeDoubles(others);
    removeStrays(others);
    drafts.values().forEach(this::removeUnwanted);
    Set<String> avoided = new TreeSet<>(Breakers.hosts(pool.breakers()));
    avoidHosts(others, avoided);
    Map<String, Decision> decisions = new LinkedHashMap<>();
    drafts.forEach((voc, draft) -> decisions.put(voc, conclude(draft)));
    return new PoolDecision(decisions, others, placements, avoided);
  }

  // --- what has to go

  private void removeDoubles(List<Action> others) {
    remove(
        others,
        pool.doubles().stream().filter(NodeJob::isOwn).toList(),
        "an older node job has the same node");
  }

  private void removeStrays(List<Action> others) {
    List<NodeJob> queued = new ArrayList<>();
    List<NodeJob> unclaimed = new ArrayList<>();
    for (NodeSupply node : pool.strays()) {
      if (node.job().isPresent() && node.isOwn()) {
        switch (node.stage()) {
          case QUEUED, HELD, OVERDUE, LOST -> queued.add(node.job().get());
          case READY, LEAVING -> {
            if (node.idleSince().isPresent() && !node.claimed()) {
              unclaimed.add(node.job().get());
            }
          }
          case BOOTING, SUBMITTED -> {}
        }
      }
    }
    remove(others, queued, "their VOC is registered no more");
    drain(others, unclaimed, "their VOC is registered no more");
  }

  private void removeUnwanted(Draft draft) {
    VocSituation voc = draft.voc;
    if (!voc.slotsKnown()) {
      return;
    }
    Set<NodeJob> gone = new HashSet<>();
    removeUnusable(draft, gone);
    List<NodeJob> queued = queued(voc);
    if (voc.standby().isPresent()) {
      remove(draft, queued, voc.standby().get(), gone);
    } else if (draft.isBroken()) {
      keepOneProbe(draft, queued, gone);
    }
    remove(
        draft,
        first(queued, gone, excess(voc, gone)),
        "more nodes than MaxNodes " + voc.maxNodes(),
        gone);
    removeSurplus(draft, queued, gone);
    tellToLeave(draft, gone);
  }

  private static int excess(VocSituation voc, Set<NodeJob> gone) {
    int goneHeld = 0;
    for (NodeJob job : gone) {
      goneHeld += job.isHeld() ? 1 : 0;
    }
    return voc.counted() - (gone.size() - goneHeld) - voc.maxNodes();
  }

  private void removeUnusable(Draft draft, Set<NodeJob> gone) {
    List<NodeJob> overdue = new ArrayList<>();
    List<NodeJob> lost = new ArrayList<>();
    List<NodeJob> changed = new ArrayList<>();
    for (NodeSupply node : draft.voc.nodes()) {
      if (node.job().isEmpty() || !node.isOwn()) {
        continue;
      }
      if (node.stage() == Stage.OVERDUE) {
        if (node.job().get().isRunning() || node.job().get().isQueued()) {
          overdue.add(node.job().get());
        }
      } else if (node.stage() == Stage.LOST) {
        lost.add(node.job().get());
      } else if (!node.current() && (node.stage() == Stage.QUEUED || node.stage() == Stage.HELD)) {
        changed.add(node.job().get());
      }
    }
    remove(draft, overdue, "never joined the pool", gone);
    remove(draft, lost, "vanished from the pool and did not end", gone);
    remove(draft, changed, "the definition has changed", gone);
  }

  /** Own queued node jobs of the current definition: those that never ran first, youngest first. */
  private static List<NodeJob> queued(VocSituation voc) {
    return voc.nodes().stream()
        .filter(node -> node.stage() == Stage.QUEUED && node.current() && node.isOwn())
        .flatMap(node -> node.job().stream())
        .sorted(
            Comparator.comparing((NodeJob job) -> job.run().starts() > 0)
                .thenComparing(NodeJob::id, Comparator.reverseOrder()))
        .toList();
  }

  private void keepOneProbe(Draft draft, List<NodeJob> queued, Set<NodeJob> gone) {
    boolean open = draft.openBreaker(now).isPresent();
    int under =
        (int)
            draft.voc.nodes().stream()
                .filter(
                    node ->
                        node.current()
                            && (node.stage() == Stage.BOOTING || node.stage() == Stage.SUBMITTED))
                .count();
    int keep = open || under > 0 ? 0 : 1;
    remove(
        draft,
        first(queued, gone, queued.size() - keep),
        "nodes fail, and no more than one is tried at a time",
        gone);
  }

  private void removeSurplus(Draft draft, List<NodeJob> queued, Set<NodeJob> gone) {
    if (!pool.queuesUnknown().isEmpty()) {
      return;
    }
    VocSituation voc = draft.voc;
    int removable = removable(draft);
    int unusedQueued = capacity.unused(voc, List.of(Tier.QUEUED));
    int already = 0;
    for (NodeJob job : queued) {
      already += gone.contains(job) ? 1 : 0;
    }
    // HTCondor 25 returns a node that has left by itself to the queue, see docs/htcondor.md: before
    // the next negotiation it must be gone, or it would start again for nobody.
    List<NodeJob> old =
        queued.stream()
            .filter(
                job ->
                    job.run().starts() > 0
                        || !Instant.ofEpochSecond(job.since())
                            .plus(limits.queuedAtLeast())
                            .isAfter(now))
            .toList();
    Map<String, Integer> unusedOf = new HashMap<>();
    for (String shape : voc.shapes().keySet()) {
      unusedOf.put(shape, capacity.unused(voc, shape, Tier.QUEUED));
    }
    List<NodeJob> surplus = new ArrayList<>();
    // The queue tells at once that a job has started, the collector seconds later that it takes
    // room: what looks free may just have been taken. So a queued node goes for jobs that have left
    // the idle ones, not for jobs that are only expected to start elsewhere; else it would be
    // removed and submitted again with each job that starts.
    int kept = (int) Math.ceil(draft.aboutToStart);
    int most = Math.min(removable, unusedQueued - kept) - already;
    for (NodeJob job : old) {
      if (surplus.size() < most
          && !gone.contains(job)
          && unusedOf.getOrDefault(job.shape(), 0) > 0) {
        unusedOf.merge(job.shape(), -1, Integer::sum);
        surplus.add(job);
      }
    }
    remove(draft, surplus, "no job needs them any more", gone);
  }

  /** Unused nodes beyond the minimum and the spares. */
  private int removable(Draft draft) {
    VocSituation voc = draft.voc;
    int unused = capacity.unused(voc, Capacity.EXISTING);
    int used = Capacity.lasting(voc) - unused;
    return Math.max(0, unused - Math.max(voc.spareNodes(), voc.minNodes() - used));
  }

  private void tellToLeave(Draft draft, Set<NodeJob> gone) {
    VocSituation voc = draft.voc;
    List<NodeJob> changed = new ArrayList<>();
    List<NodeJob> old = new ArrayList<>();
    List<NodeSupply> unclaimed = new ArrayList<>();
    for (NodeSupply node : voc.nodes()) {
      if (node.claimed() || node.idleSince().isEmpty() || node.job().isEmpty() || !node.isOwn()) {
        continue;
      }
      if (node.stage() == Stage.LEAVING) {
        old.add(node.job().get());
      } else if (node.stage() == Stage.READY && !node.current()) {
        changed.add(node.job().get());
      } else if (node.stage() == Stage.READY) {
        unclaimed.add(node);
      }
    }
    unclaimed.sort(Comparator.comparing(node -> node.idleSince().orElse(now)));
    drain(draft, old, "takes no more jobs", gone);
    drain(draft, changed, "the definition has changed", gone);
    List<NodeJob> idleLongest = jobs(unclaimed);
    drain(
        draft,
        first(idleLongest, gone, excess(voc, gone)),
        "more nodes than MaxNodes " + voc.maxNodes(),
        gone);
    if (voc.leavesByItself() || !pool.queuesUnknown().isEmpty()) {
      return;
    }
    int surplus =
        Math.min(
            removable(draft)
                - capacity.unused(voc, List.of(Tier.BOOTING, Tier.SUBMITTED, Tier.QUEUED)),
            capacity.unused(voc, List.of(Tier.FREE)));
    List<NodeSupply> idle =
        unclaimed.stream()
            .filter(
                node ->
                    node.idleSince().isPresent()
                        && !node.idleSince().get().plus(voc.idle()).isAfter(now)
                        && !started(node).plus(voc.minimumLifetime()).isAfter(now))
            .toList();
    drain(draft, first(jobs(idle), gone, surplus), "no job needs them any more", gone);
  }

  private static List<NodeJob> jobs(List<NodeSupply> nodes) {
    return nodes.stream().flatMap(node -> node.job().stream()).toList();
  }

  private static Instant started(NodeSupply node) {
    return node.job().map(job -> Instant.ofEpochSecond(job.since())).orElse(Instant.MAX);
  }

  private static List<NodeJob> first(List<NodeJob> nodes, Set<NodeJob> gone, int count) {
    return nodes.stream().filter(node -> !gone.contains(node)).limit(Math.max(0, count)).toList();
  }

  private void remove(Draft draft, List<NodeJob> nodes, String why, Set<NodeJob> gone) {
    List<NodeJob> fresh = nodes.stream().filter(node -> !gone.contains(node)).toList();
    remove(draft.orderedAway, fresh, why);
    gone.addAll(fresh);
  }

  private void drain(Draft draft, List<NodeJob> nodes, String why, Set<NodeJob> gone) {
    List<NodeJob> fresh = nodes.stream().filter(node -> !gone.contains(node)).toList();
    drain(draft.orderedAway, fresh, why);
    gone.addAll(fresh);
  }

  private void remove(List<Action> actions, List<NodeJob> nodes, String why) {
    List<NodeJob> capped = capped(nodes);
    if (!capped.isEmpty()) {
      actions.add(new Remove(capped, why));
    }
  }

  private void drain(List<Action> actions, List<NodeJob> nodes, String why) {
    List<NodeJob> capped = capped(nodes);
    if (!capped.isEmpty()) {
      actions.add(new Drain(capped, why));
    }
  }

  private List<NodeJob> capped(List<NodeJob> nodes) {
    List<NodeJob> capped = nodes.stream().limit(removalsLeft).toList();
    removalsLeft -= capped.size();
    return capped;
  }

  // --- hosts

  /**
   * Queued node jobs avoid hosts with an open breaker. Of a half-open one a single node job learns
   * that it may run there again, unless a node is booting there.
   */
  private void avoidHosts(List<Action> others, Set<String> avoided) {
    List<NodeJob> queued = new ArrayList<>();
    Set<String> booting = new HashSet<>();
    for (VocSituation voc : pool.vocs()) {
      for (NodeSupply node : voc.nodes()) {
        if (node.job().isPresent() && node.isOwn()) {
          NodeJob job = node.job().get();
          if (node.stage() == Stage.QUEUED && node.current()) {
            queued.add(job);
          } else if (node.stage() == Stage.BOOTING) {
            booting.add(job.run().host());
          }
        }
      }
    }
    queued.sort(Comparator.comparing(NodeJob::id));
    Map<NodeJob, Set<String>> wanted = new LinkedHashMap<>();
    queued.forEach(job -> wanted.put(job, new TreeSet<>(avoided)));
    for (String host : avoided) {
      boolean open =
          pool.breakers().stream()
              .anyMatch(b -> b.scope() == Scope.HOST && b.key().equals(host) && b.isOpen(now));
      if (!open && !booting.contains(host) && !queued.isEmpty()) {
        NodeJob probe =
            queued.stream()
                .filter(job -> !avoids(job).contains(host))
                .findFirst()
                .orElse(queued.getFirst());
        Set<String> ofProbe = wanted.get(probe);
        if (ofProbe != null) {
          ofProbe.remove(host);
        }
      }
    }
    Map<Set<String>, List<NodeJob>> changes = new LinkedHashMap<>();
    wanted.forEach(
        (job, hosts) -> {
          if (!avoids(job).equals(hosts)) {
            changes.computeIfAbsent(hosts, h -> new ArrayList<>()).add(job);
          }
        });
    changes.forEach(
        (hosts, jobs) ->
            others.add(
                new Avoid(
                    jobs,
                    hosts,
                    hosts.isEmpty() ? "no host is avoided" : "nodes failed on these hosts")));
  }

  private static Set<String> avoids(NodeJob job) {
    Set<String> hosts = new TreeSet<>();
    for (String host : job.avoids().split(",", -1)) {
      if (!host.isBlank()) {
        hosts.add(host.strip());
      }
    }
    return hosts;
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
