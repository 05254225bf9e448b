package org.vocluster.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.ad.HoldReason;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.explain.Explanation.ConditionTable;
import org.vocluster.sizing.demand.Deferral;
import org.vocluster.sizing.demand.Fit;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;

/**
 * From facts to reasons, for {@link WhyQuestion}. Whether nodes would take a job and when it runs
 * is judged by sizing's own functions, so that what is explained is what is done. Pure.
 */
final class Explainer {
  private final PoolFacts pool;
  private final EvalContext context;
  private final NodeReasons nodes;
  private final SizingReasons sizing;

  private Explainer(PoolFacts pool) {
    this.pool = pool;
    this.context = EvalContext.DEFAULT.withClock(() -> pool.now().getEpochSecond());
    this.nodes = new NodeReasons(pool.nodes(), context);
    this.sizing = new SizingReasons(pool);
  }

  /**
   * Explains one job.
   *
   * @param id as its user gave it
   */
  static Explanation explain(String id, JobReading job, PoolFacts pool) {
    Explainer explainer = new Explainer(pool);
    return switch (job) {
      case JobReading.Nowhere(String historyUnknown) ->
          new Explanation(
              new Explanation.Job(id, "", "not found", Optional.empty(), ""),
              List.of(),
              List.of(new Reason.NoSuchJob(pool.accessPoint(), historyUnknown)),
              List.of());
      case JobReading.InHistory(ClassAd ad) -> past(JobAd.id(ad), ad);
      case JobReading.InQueue(ClassAd ad) -> explainer.present(id, ad);
    };
  }

  private static Explanation past(String id, ClassAd job) {
    boolean removed = JobAd.status(job) == JobStatus.REMOVED;
    String host = JobAd.host(job, CondorAttr.LAST_REMOTE_HOST);
    List<Reason> reasons = new ArrayList<>();
    reasons.add(
        removed
            ? new Reason.Removed(
                JobAd.time(job, CondorAttr.ENTERED_CURRENT_STATUS),
                Ads.text(job, CondorAttr.REMOVE_REASON))
            : new Reason.Completed(
                JobAd.time(job, CondorAttr.COMPLETION_DATE), howEnded(job), host));
    String node = Ads.text(job, Attr.NODE);
    if (isNodeJob(job) && !node.isEmpty() && !host.isEmpty()) {
      reasons.add(new Reason.NodeConsole(node, host));
    }
    return explanation(subject(id, job, removed ? "removed" : "completed"), reasons);
  }

  private static String howEnded(ClassAd job) {
    return job.bool(CondorAttr.EXIT_BY_SIGNAL).orElse(false)
        ? "signal " + JobAd.number(job, CondorAttr.EXIT_SIGNAL)
        : "exit status " + JobAd.number(job, CondorAttr.EXIT_CODE);
  }

  private Explanation present(String id, ClassAd job) {
    JobStatus status = JobAd.status(job);
    Explanation.Job subject =
        subject(id, job, status.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    return switch (status) {
      case HELD -> explanation(subject, List.of(held(job)));
      case RUNNING, TRANSFERRING_OUTPUT, SUSPENDED ->
          explanation(
              subject, List.of(isNodeJob(job) ? nodes.runningNode(job) : nodes.running(job)));
      case REMOVED, COMPLETED -> past(id, job);
      case IDLE, UNKNOWN ->
          isNodeJob(job)
              ? explanation(subject, List.of(nodes.queued(List.of(job))))
              : idle(subject, job);
    };
  }

  private static Reason held(ClassAd job) {
    return JobAd.number(job, CondorAttr.HOLD_REASON_CODE) == HoldReason.SPOOLING_INPUT
        ? new Reason.Spooling()
        : new Reason.OnHold(
            JobAd.time(job, CondorAttr.ENTERED_CURRENT_STATUS),
            job.string(CondorAttr.HOLD_REASON).orElse("no reason given"));
  }

  private Explanation idle(Explanation.Job subject, ClassAd job) {
    Optional<Reason> noDemand = noDemand(job);
    if (noDemand.isPresent()) {
      return explanation(subject, List.of(noDemand.get()));
    }
    List<String> vocs = new ArrayList<>();
    List<Reason> misfits = new ArrayList<>();
    List<ConditionTable> tables = new ArrayList<>();
    for (NodePrototype prototype : pool.prototypes().orElse(List.of())) {
      if (prototype.definition().vo().value().equals(subject.vo())) {
        ConditionTable table = conditions(job, prototype);
        tables.add(table);
        Optional<Reason> misfit = misfit(job, prototype, table);
        if (misfit.isPresent()) {
          misfits.add(misfit.get());
        } else if (!vocs.contains(table.voc())) {
          vocs.add(table.voc());
        }
      }
    }
    List<Reason> reasons = new ArrayList<>();
    if (!vocs.isEmpty()) {
      reasons.addAll(supply(job, vocs));
    } else {
      reasons.addAll(misfits);
      reasons.addAll(toShow(job, misfits));
      if (misfits.isEmpty() && pool.prototypes() instanceof Reading.Known) {
        reasons.add(new Reason.NoDefinition(subject.vo()));
      }
      pool.broken().forEach((name, all) -> reasons.add(new Reason.BrokenDefinition(name, all)));
    }
    unread(reasons);
    return new Explanation(subject, vocs, reasons, tables);
  }

  /** What becomes of the node that is to show whether nodes take the job, if one is. */
  private List<Reason> toShow(ClassAd job, List<Reason> misfits) {
    List<String> vocs = new ArrayList<>();
    for (Reason misfit : misfits) {
      if (vocs.isEmpty() && misfit instanceof Reason.Untold untold) {
        vocs.add(untold.voc());
      }
    }
    return vocs.isEmpty() ? List.of() : supply(job, vocs);
  }

  /** Why the job is nobody's demand now, whatever nodes there are. */
  private Optional<Reason> noDemand(ClassAd job) {
    int universe = JobAd.universe(job);
    if (universe != Universe.VANILLA) {
      return Optional.of(new Reason.OtherUniverse(universe, wantsNode(job)));
    }
    if (Ads.text(job, Attr.VO).isEmpty()) {
      return Optional.of(
          Ads.text(job, Attr.VO_CLAIMED).equals(VoName.OUTSIDE)
              ? new Reason.OutsideByChoice(pool.usersMap())
              : new Reason.NotInVo(Ads.text(job, CondorAttr.OWNER), pool.usersMap()));
    }
    return Deferral.of(job, context)
        .filter(deferral -> deferral.from() > pool.now().getEpochSecond())
        .map(deferral -> new Reason.NotYet(AdTime.of(deferral.from()), deferral.why()));
  }

  /** Whether its Requirements ask for a node, as an older transform made them for every job. */
  private static boolean wantsNode(ClassAd job) {
    Expr requirements = job.expr(CondorAttr.REQUIREMENTS);
    return requirements != null && LongForm.print(requirements).contains(Constraints.OF_ITS_VO);
  }

  private ConditionTable conditions(ClassAd job, NodePrototype prototype) {
    return new ConditionTable(
        prototype.definition().name().value(),
        prototype.definition().shapes().size() > 1 ? prototype.shape().name().value() : "",
        Condition.between(job, prototype.slot(), context));
  }

  /** Why these nodes do not take the job; of the conditions those that do not hold, both ways. */
  private Optional<Reason> misfit(ClassAd job, NodePrototype prototype, ConditionTable table) {
    return switch (Fit.of(job, prototype, context)) {
      case Fit.Fits fits -> Optional.empty();
      case Fit.Untold(Resources request, List<String> attributes) ->
          Optional.of(new Reason.Untold(table.voc(), table.shape(), attributes));
      case Fit.TooLarge(Resources request, Resources offers) ->
          Optional.of(
              new Reason.TooLarge(table.voc(), table.shape(), Shortfall.between(request, offers)));
      case Fit.TooLong(long seconds, long longest) ->
          Optional.of(new Reason.TooLong(table.voc(), seconds, longest));
      case Fit.RefusesNode refuses -> Optional.of(mismatch(table, prototype));
      case Fit.NodeRefuses refuses -> Optional.of(mismatch(table, prototype));
    };
  }

  private static Reason mismatch(ConditionTable table, NodePrototype prototype) {
    return new Reason.Mismatch(
        table.voc(),
        table.shape(),
        table.conditions().stream().filter(c -> !c.holds()).toList(),
        prototype.knowledge() instanceof NodePrototype.Knowledge.Shown(NodeId node)
            ? node.value()
            : "");
  }

  /** What a job that some VOC's nodes would take waits for. */
  private List<Reason> supply(ClassAd job, List<String> vocs) {
    Optional<Reason> room = nodes.room(job);
    if (room.isPresent()) {
      return List.of(room.get());
    }
    List<Reason> reasons = nodes.coming(vocs);
    boolean coming = !reasons.isEmpty();
    Optional<Reason> silence = sizing.silence();
    if (silence.isPresent()) {
      reasons.add(silence.get());
      return reasons;
    }
    for (String voc : vocs) {
      boolean held =
          reasons.stream().anyMatch(r -> r instanceof Reason.NodesHeld h && h.voc().equals(voc));
      sizing
          .decided(voc, job, coming)
          .filter(decided -> !held || !SizingReasons.isOfHeld(decided))
          .ifPresent(reasons::add);
    }
    if (reasons.isEmpty()) {
      reasons.add(new Reason.NotSeenYet());
    }
    return reasons;
  }

  private void unread(List<Reason> reasons) {
    unread(reasons, "the VOC definitions", pool.prototypes());
    unread(reasons, "the VOCs' ads", pool.sizing().vocs());
    unread(reasons, "the node jobs", pool.nodes().jobs());
    unread(reasons, "the nodes", pool.nodes().slots());
    unread(reasons, "the nodes' slots", pool.nodes().room());
    unread(reasons, "the PAD hosts' slots", pool.nodes().padSlots());
  }

  /** One tool that fails makes several readings unknown for the same reason: said once. */
  private static void unread(List<Reason> reasons, String what, Reading<?> reading) {
    if (reading instanceof Reading.Unknown<?>(String why)
        && reasons.stream()
            .noneMatch(
                r -> r instanceof Reason.Unread(String w, String said) && said.equals(why))) {
      reasons.add(new Reason.Unread(what, why));
    }
  }

  private static boolean isNodeJob(ClassAd job) {
    return job.bool(Attr.NODE_JOB).orElse(false);
  }

  private static Explanation.Job subject(String id, ClassAd job, String state) {
    return new Explanation.Job(
        id,
        Ads.text(job, CondorAttr.OWNER),
        state,
        JobAd.time(job, CondorAttr.ENTERED_CURRENT_STATUS),
        Ads.text(job, Attr.VO));
  }

  private static Explanation explanation(Explanation.Job subject, List<Reason> reasons) {
    return new Explanation(subject, List.of(), reasons, List.of());
  }
}
