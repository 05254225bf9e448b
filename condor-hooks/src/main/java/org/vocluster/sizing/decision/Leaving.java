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
import org.vocluster.ad.AdTime;
import org.vocluster.sizing.decision.Action.Drain;
import org.vocluster.sizing.decision.Action.Remove;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.decision.Packing.Tier;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.ShapeName;

/**
 * What has to go: node jobs that wait for nothing are removed, nodes that run are told to leave.
 * Only ever the sizer's own, and no more at a time than a bound for the whole pool.
 */
final class Leaving {
  private final PoolSituation pool;
  private final Capacity capacity;
  private final Instant now;
  private int left;

  Leaving(PoolSituation pool, Capacity capacity) {
    this.pool = pool;
    this.capacity = capacity;
    this.now = pool.now();
    this.left = pool.limits().maxRemovals();
  }

  // --- of no VOC

  /** Node jobs and nodes that belong to no VOC or to no decision of one. */
  List<Action> ofNoVoc() {
    List<Action> actions = new ArrayList<>();
    remove(
        actions,
        pool.doubles().stream().filter(NodeJob::isOwn).toList(),
        "an older node job has the same node");
    removeStrays(actions);
    return actions;
  }

  private void removeStrays(List<Action> actions) {
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
    remove(actions, queued, "their VOC is registered no more");
    drain(actions, unclaimed, "their VOC is registered no more");
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
    List<NodeJob> capped = nodes.stream().limit(left).toList();
    left -= capped.size();
    return capped;
  }

  // --- of a VOC

  /** Node jobs and nodes of a VOC; nothing of it goes while nobody knows what its nodes do. */
  void of(Draft draft) {
    if (draft.voc.slotsKnown()) {
      new OfVoc(draft).decide();
    }
  }

  /** One VOC's: what is to go already is not chosen again. */
  private final class OfVoc {
    private final Draft draft;
    private final VocSituation voc;
    private final Set<NodeJob> gone = new HashSet<>();

    OfVoc(Draft draft) {
      this.draft = draft;
      this.voc = draft.voc;
    }

    void decide() {
      removeUnusable();
      List<NodeJob> queued = queued();
      if (voc.standby().isPresent()) {
        remove(queued, voc.standby().get());
      } else if (draft.isBroken()) {
        keepOneProbe(queued);
      }
      remove(first(queued, excess()), moreThanMaximum());
      removeSurplus(queued);
      tellToLeave();
    }

    private String moreThanMaximum() {
      return "more nodes than MaxNodes " + voc.bounds().maxNodes();
    }

    /** Nodes beyond the maximum. */
    private int excess() {
      int goneHeld = 0;
      for (NodeJob job : gone) {
        goneHeld += job.isHeld() ? 1 : 0;
      }
      return voc.counted() - (gone.size() - goneHeld) - voc.bounds().maxNodes();
    }

    private void removeUnusable() {
      List<NodeJob> overdue = new ArrayList<>();
      List<NodeJob> lost = new ArrayList<>();
      List<NodeJob> changed = new ArrayList<>();
      for (NodeSupply node : voc.nodes()) {
        if (node.job().isEmpty() || !node.isOwn()) {
          continue;
        }
        NodeJob job = node.job().get();
        if (node.stage() == Stage.OVERDUE) {
          if (job.isRunning() || job.isQueued()) {
            overdue.add(job);
          }
        } else if (node.stage() == Stage.LOST) {
          lost.add(job);
        } else if (!node.current()
            && (node.stage() == Stage.QUEUED || node.stage() == Stage.HELD)) {
          changed.add(job);
        }
      }
      remove(overdue, "never joined the pool");
      remove(lost, "vanished from the pool and did not end");
      remove(changed, "the definition has changed");
      removeHeld();
    }

    /** A removal is for one reason: those that were held for the same go together. */
    private void removeHeld() {
      OnHold held = new OnHold(voc, pool.limits());
      Map<String, List<NodeJob>> due = new LinkedHashMap<>();
      for (NodeJob job : held.due(now)) {
        due.computeIfAbsent(held.whyRemoved(job), w -> new ArrayList<>()).add(job);
      }
      due.forEach((why, jobs) -> remove(jobs, why));
    }

    /**
     * Own queued node jobs of the current definition: those that never ran first, youngest first.
     */
    private List<NodeJob> queued() {
      return voc.nodes().stream()
          .filter(node -> node.stage() == Stage.QUEUED && node.current() && node.isOwn())
          .flatMap(node -> node.job().stream())
          .sorted(
              Comparator.comparing((NodeJob job) -> job.run().starts() > 0)
                  .thenComparing(NodeJob::id, Comparator.reverseOrder()))
          .toList();
    }

    private void keepOneProbe(List<NodeJob> queued) {
      boolean underWay =
          voc.nodes().stream()
              .anyMatch(
                  node ->
                      node.current()
                          && (node.stage() == Stage.BOOTING || node.stage() == Stage.SUBMITTED));
      int keep = draft.openBreaker(now).isPresent() || underWay ? 0 : 1;
      remove(
          first(queued, queued.size() - keep),
          "nodes fail, and no more than one is tried at a time");
    }

    private void removeSurplus(List<NodeJob> queued) {
      if (!pool.demand().queuesUnknown().isEmpty()) {
        return;
      }
      int already = 0;
      for (NodeJob job : queued) {
        already += gone.contains(job) ? 1 : 0;
      }
      // The queue tells at once that a job has started, the collector seconds later that it takes
      // room: what looks free may just have been taken. So a queued node goes for jobs that have
      // left the idle ones, not for jobs that are only expected to start elsewhere; else it would
      // be removed and submitted again with each job that starts.
      int kept = (int) Math.ceil(draft.aboutToStart);
      int unusedQueued = capacity.unused(voc, List.of(Tier.QUEUED));
      int most = Math.min(removable(), unusedQueued - kept) - already;
      Map<ShapeName, Integer> unusedOf = new HashMap<>();
      for (ShapeName shape : voc.make().shapes().keySet()) {
        unusedOf.put(shape, capacity.unused(voc, shape, Tier.QUEUED));
      }
      List<NodeJob> surplus = new ArrayList<>();
      for (NodeJob job : queued) {
        if (surplus.size() < most
            && isOldEnough(job)
            && !gone.contains(job)
            && unusedOf.getOrDefault(job.shape(), 0) > 0) {
          unusedOf.merge(job.shape(), -1, Integer::sum);
          surplus.add(job);
        }
      }
      remove(surplus, "no job needs them any more");
    }

    /**
     * Whether a surplus node job has waited long enough. HTCondor 25 returns a node that has left
     * by itself to the queue, see docs/htcondor.md: before the next negotiation it must be gone, or
     * it would start again for nobody.
     */
    private boolean isOldEnough(NodeJob job) {
      return job.run().starts() > 0
          || !AdTime.of(job.since()).plus(pool.limits().queuedAtLeast()).isAfter(now);
    }

    /** Unused nodes beyond the minimum and the spares. */
    private int removable() {
      int unused = capacity.unused(voc, Capacity.EXISTING);
      int used = Capacity.lasting(voc) - unused;
      return Math.max(
          0, unused - Math.max(voc.bounds().spareNodes(), voc.bounds().minNodes() - used));
    }

    private void tellToLeave() {
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
      drain(old, "takes no more jobs");
      drain(changed, "the definition has changed");
      drain(first(jobs(unclaimed), excess()), moreThanMaximum());
      if (voc.bounds().leavesByItself() || !pool.demand().queuesUnknown().isEmpty()) {
        return;
      }
      int coming = capacity.unused(voc, List.of(Tier.BOOTING, Tier.SUBMITTED, Tier.QUEUED));
      int surplus = Math.min(removable() - coming, capacity.unused(voc, List.of(Tier.FREE)));
      List<NodeSupply> idle = unclaimed.stream().filter(this::hasStayedLongEnough).toList();
      drain(first(jobs(idle), surplus), "no job needs them any more");
    }

    private boolean hasStayedLongEnough(NodeSupply node) {
      return node.idleSince().isPresent()
          && !node.idleSince().get().plus(voc.bounds().idle()).isAfter(now)
          && !started(node).plus(voc.bounds().minimumLifetime()).isAfter(now);
    }

    private static Instant started(NodeSupply node) {
      return node.job().map(job -> AdTime.of(job.since())).orElse(Instant.MAX);
    }

    private static List<NodeJob> jobs(List<NodeSupply> nodes) {
      return nodes.stream().flatMap(node -> node.job().stream()).toList();
    }

    private List<NodeJob> first(List<NodeJob> nodes, int count) {
      return staying(nodes).stream().limit(Math.max(0, count)).toList();
    }

    private List<NodeJob> staying(List<NodeJob> nodes) {
      return nodes.stream().filter(node -> !gone.contains(node)).toList();
    }

    private void remove(List<NodeJob> nodes, String why) {
      List<NodeJob> staying = staying(nodes);
      Leaving.this.remove(draft.orderedAway, staying, why);
      gone.addAll(staying);
    }

    private void drain(List<NodeJob> nodes, String why) {
      List<NodeJob> staying = staying(nodes);
      Leaving.this.drain(draft.orderedAway, staying, why);
      gone.addAll(staying);
    }
  }
}
