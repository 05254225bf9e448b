package org.vocluster.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Match;
import org.vocluster.sizing.reading.NodePhase;

/**
 * Which nodes there are for a job and how far those are that come; and where a job or a node runs.
 * For {@link Explainer}, which knows whether the job waits for one. Pure.
 */
final class NodeReasons {
  private final PoolFacts.Nodes nodes;
  private final EvalContext context;
  private final List<ClassAd> jobs;
  private final List<ClassAd> slots;
  private final Set<String> inPool = new HashSet<>();

  NodeReasons(PoolFacts.Nodes nodes, EvalContext context) {
    this.nodes = nodes;
    this.context = context;
    this.jobs = nodes.jobs().orElse(List.of());
    this.slots = nodes.slots().orElse(List.of());
    slots.forEach(slot -> inPool.add(Ads.text(slot, Attr.NODE)));
  }

  /** Where a payload job runs. */
  Reason running(ClassAd job) {
    Optional<Instant> since = JobAd.time(job, CondorAttr.JOB_CURRENT_START_DATE);
    if (Universe.isOfAccessPoint(JobAd.universe(job))) {
      return new Reason.RunsOnAccessPoint(JobAd.universe(job), since);
    }
    String machine = JobAd.host(job, CondorAttr.REMOTE_HOST);
    for (ClassAd slot : slots) {
      if (!machine.isEmpty() && Ads.text(slot, Attr.NODE).equals(machine)) {
        return new Reason.RunsInNode(
            machine, Ads.text(slot, Attr.VOC), Ads.text(slot, Attr.PAD_HOST), since);
      }
    }
    for (ClassAd nodeJob : jobs) {
      if (!machine.isEmpty() && Ads.text(nodeJob, Attr.NODE).equals(machine)) {
        return new Reason.RunsInNode(
            machine,
            Ads.text(nodeJob, Attr.VOC),
            JobAd.host(nodeJob, CondorAttr.REMOTE_HOST),
            since);
      }
    }
    return new Reason.RunsElsewhere(Ads.text(job, CondorAttr.REMOTE_HOST), since);
  }

  /** How far the node of a node job that runs is. */
  Reason runningNode(ClassAd nodeJob) {
    Reason.BootingNode node = booting(nodeJob);
    return isInPool(nodeJob)
        ? new Reason.NodeInPool(node.node(), node.host(), node.since())
        : new Reason.Booting(List.of(node));
  }

  /** Node jobs that wait for a PAD slot; one at least. */
  Reason queued(List<ClassAd> nodeJobs) {
    ClassAd oldest =
        nodeJobs.stream()
            .min(Comparator.comparingLong(job -> JobAd.number(job, CondorAttr.Q_DATE)))
            .orElseThrow();
    return new Reason.NodeQueued(
        Ads.text(oldest, Attr.VOC),
        nodeJobs.size(),
        new Reason.QueuedNode(
            Ads.text(oldest, Attr.NODE),
            JobAd.id(oldest),
            JobAd.time(oldest, CondorAttr.ENTERED_CURRENT_STATUS),
            Ads.text(oldest, Attr.IMAGE)),
        nodes.padSlots().map(hosts -> PadHosts.judge(oldest, hosts, context)),
        rejection(oldest));
  }

  /** Nodes and other slots that would take the job now, if there are any. */
  Optional<Reason> room(ClassAd job) {
    List<String> free =
        nodes.room().orElse(List.of()).stream()
            .filter(slot -> Match.symmetric(job, slot, context))
            .map(
                slot ->
                    slot.string(Attr.NODE).or(() -> slot.string(CondorAttr.MACHINE)).orElse("?"))
            .distinct()
            .sorted()
            .toList();
    return free.isEmpty()
        ? Optional.empty()
        : Optional.of(new Reason.NodeHasRoom(free, rejection(job)));
  }

  /** The nodes on their way, the nearest first. */
  List<Reason> coming(List<String> vocs) {
    List<Reason.BootingNode> booting = new ArrayList<>();
    List<Reason> later = new ArrayList<>();
    for (String voc : vocs) {
      List<ClassAd> queued = new ArrayList<>();
      List<ClassAd> held = new ArrayList<>();
      for (ClassAd nodeJob : jobs) {
        if (!Ads.text(nodeJob, Attr.VOC).equals(voc)) {
          continue;
        }
        switch (phase(nodeJob)) {
          case QUEUED -> queued.add(nodeJob);
          case HELD -> held.add(nodeJob);
          case BOOTING -> booting.add(booting(nodeJob));
          case JOINED, ENDING, UNKNOWN -> {}
        }
      }
      if (!queued.isEmpty()) {
        later.add(queued(queued));
      }
      if (!held.isEmpty()) {
        ClassAd first = held.getFirst();
        later.add(
            new Reason.NodesHeld(
                voc, held.size(), JobAd.id(first), Ads.text(first, CondorAttr.HOLD_REASON)));
      }
    }
    List<Reason> reasons = new ArrayList<>();
    if (!booting.isEmpty()) {
      reasons.add(new Reason.Booting(booting));
    }
    reasons.addAll(later);
    return reasons;
  }

  private NodePhase phase(ClassAd nodeJob) {
    return NodePhase.of(
        JobAd.status(nodeJob),
        JobAd.number(nodeJob, CondorAttr.HOLD_REASON_CODE),
        isInPool(nodeJob));
  }

  private boolean isInPool(ClassAd nodeJob) {
    return inPool.contains(Ads.text(nodeJob, Attr.NODE));
  }

  private static Reason.BootingNode booting(ClassAd nodeJob) {
    return new Reason.BootingNode(
        Ads.text(nodeJob, Attr.NODE),
        JobAd.id(nodeJob),
        JobAd.host(nodeJob, CondorAttr.REMOTE_HOST),
        JobAd.time(nodeJob, CondorAttr.JOB_CURRENT_START_DATE)
            .or(() -> JobAd.time(nodeJob, CondorAttr.ENTERED_CURRENT_STATUS)));
  }

  /** The negotiator's last word about a job that it did not match since. */
  private static Optional<Reason.Rejection> rejection(ClassAd job) {
    Optional<Instant> at = JobAd.time(job, CondorAttr.LAST_REJ_MATCH_TIME);
    String why = Ads.text(job, CondorAttr.LAST_REJ_MATCH_REASON).strip();
    return at.isEmpty()
            || why.isEmpty()
            || at.get().isBefore(JobAd.time(job, CondorAttr.LAST_MATCH_TIME).orElse(Instant.EPOCH))
        ? Optional.empty()
        : Optional.of(new Reason.Rejection(at.get(), why));
  }
}
