package org.vocluster.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.HoldReason;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Match;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.explain.Explanation.ConditionTable;
import org.vocluster.sizing.demand.Deferral;
import org.vocluster.sizing.demand.Fit;
import org.vocluster.sizing.demand.NodePrototype;

/** From facts to reasons. Pure. */
final class Explainer {
  /** Decisions that let a VOC grow as its jobs need it. */
  private static final Set<String> GOES_ON = Set.of("submit", "enough", "remove");

  private final Facts facts;
  private final EvalContext context;

  private Explainer(Facts facts) {
    this.facts = facts;
    this.context = EvalContext.DEFAULT.withClock(() -> facts.now().getEpochSecond());
  }

  /**
   * Explains one job.
   *
   * @param id as its user gave it
   */
  static Explanation explain(String id, Facts facts) {
    Explainer explainer = new Explainer(facts);
    return switch (facts.job()) {
      case JobReading.Nowhere(String historyUnknown) ->
          new Explanation(
              new Explanation.Job(id, "", "not found", Optional.empty(), ""),
              List.of(),
              List.of(new Reason.NoSuchJob(facts.accessPoint(), historyUnknown)),
              List.of());
      case JobReading.InHistory(ClassAd ad) -> explainer.past(idOf(ad), ad);
      case JobReading.InQueue(ClassAd ad) -> explainer.present(id, ad);
    };
  }

  private Explanation past(String id, ClassAd job) {
    boolean removed = JobStatus.of((int) number(job, CondorAttr.JOB_STATUS)) == JobStatus.REMOVED;
    Reason reason =
        removed
            ? new Reason.Removed(
                time(job, CondorAttr.ENTERED_CURRENT_STATUS),
                Ads.text(job, CondorAttr.REMOVE_REASON))
            : new Reason.Completed(
                time(job, CondorAttr.COMPLETION_DATE),
                howEnded(job),
                host(job, CondorAttr.LAST_REMOTE_HOST));
    List<Reason> reasons = new ArrayList<>(List.of(reason));
    String node = Ads.text(job, Attr.NODE);
    String host = host(job, CondorAttr.LAST_REMOTE_HOST);
    if (job.bool(Attr.NODE_JOB).orElse(false) && !node.isEmpty() && !host.isEmpty()) {
      reasons.add(new Reason.NodeConsole(node, host));
    }
    return explanation(id, job, removed ? "removed" : "completed", List.of(), reasons, List.of());
  }

  private static String howEnded(ClassAd job) {
    return job.bool(CondorAttr.EXIT_BY_SIGNAL).orElse(false)
        ? "signal " + number(job, CondorAttr.EXIT_SIGNAL)
        : "exit status " + number(job, CondorAttr.EXIT_CODE);
  }

  private Explanation present(String id, ClassAd job) {
    JobStatus status = JobStatus.of((int) number(job, CondorAttr.JOB_STATUS));
    String state = status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    boolean node = job.bool(Attr.NODE_JOB).orElse(false);
    return switch (status) {
      case HELD -> explanation(id, job, state, List.of(), List.of(held(job)), List.of());
      case RUNNING, TRANSFERRING_OUTPUT, SUSPENDED ->
          explanation(
              id,
              job,
              state,
              List.of(),
              List.of(node ? runningNode(job) : running(job)),
              List.of());
      case REMOVED, COMPLETED -> past(id, job);
      case IDLE, UNKNOWN ->
          node
              ? explanation(id, job, state, List.of(), List.of(queued(List.of(job))), List.of())
              : idle(id, job, state);
    };
  }

  private static Reason held(ClassAd job) {
    return number(job, CondorAttr.HOLD_REASON_CODE) == HoldReason.SPOOLING_INPUT
        ? new Reason.Spooling()
        : new Reason.OnHold(
            time(job, CondorAttr.ENTERED_CURRENT_STATUS),
            job.string(CondorAttr.HOLD_REASON).orElse("no reason given"));
  }

  private Reason running(ClassAd job) {
    String remote = Ads.text(job, CondorAttr.REMOTE_HOST);
    Optional<Instant> since = time(job, CondorAttr.JOB_CURRENT_START_DATE);
    String machine = host(job, CondorAttr.REMOTE_HOST);
    for (ClassAd node : facts.nodes().orElse(List.of())) {
      if (!machine.isEmpty() && Ads.text(node, Attr.NODE).equals(machine)) {
        return new Reason.RunsInNode(
            machine, Ads.text(node, Attr.VOC), Ads.text(node, Attr.PAD_HOST), since);
      }
    }
    for (ClassAd nodeJob : facts.nodeJobs().orElse(List.of())) {
      if (!machine.isEmpty() && Ads.text(nodeJob, Attr.NODE).equals(machine)) {
        return new Reason.RunsInNode(
            machine, Ads.text(nodeJob, Attr.VOC), host(nodeJob, CondorAttr.REMOTE_HOST), since);
      }
    }
    return new Reason.RunsElsewhere(remote, since);
  }

  private Reason runningNode(ClassAd job) {
    BootingOrJoined where = whereIs(job);
    return where.joined
        ? new Reason.NodeInPool(where.node.node(), where.node.host(), where.node.since())
        : new Reason.Booting(List.of(where.node));
  }

  private record BootingOrJoined(Reason.BootingNode node, boolean joined) {}

  private BootingOrJoined whereIs(ClassAd nodeJob) {
    String name = Ads.text(nodeJob, Attr.NODE);
    boolean joined =
        facts.nodes().orElse(List.of()).stream()
            .anyMatch(slot -> Ads.text(slot, Attr.NODE).equals(name));
    return new BootingOrJoined(
        new Reason.BootingNode(
            name,
            idOf(nodeJob),
            host(nodeJob, CondorAttr.REMOTE_HOST),
            time(nodeJob, CondorAttr.JOB_CURRENT_START_DATE)
                .or(() -> time(nodeJob, CondorAttr.ENTERED_CURRENT_STATUS))),
        joined);
  }

  private Explanation idle(String id, ClassAd job, String state) {
    String vo = Ads.text(job, Attr.VO);
    if (vo.isEmpty()) {
      return explanation(
          id,
          job,
          state,
          List.of(),
          List.of(new Reason.NotInVo(Ads.text(job, CondorAttr.OWNER), facts.usersMap())),
          List.of());
    }
    int universe = (int) number(job, CondorAttr.JOB_UNIVERSE);
    if (universe != Universe.VANILLA) {
      return explanation(
          id, job, state, List.of(), List.of(new Reason.OtherUniverse(universe)), List.of());
    }
    Optional<Reason> notYet = notYet(job);
    if (notYet.isPresent()) {
      return explanation(id, job, state, List.of(), List.of(notYet.get()), List.of());
    }
    List<Reason> reasons = new ArrayList<>();
    List<NodePrototype> fitting = new ArrayList<>();
    List<ConditionTable> tables = new ArrayList<>();
    List<Reason> misfits = new ArrayList<>();
    for (NodePrototype prototype : facts.prototypes().orElse(List.of())) {
      if (!prototype.definition().vo().value().equals(vo)) {
        continue;
      }
      String voc = prototype.definition().name().value();
      String shape =
          prototype.definition().shapes().size() > 1 ? prototype.shape().name().value() : "";
      List<Condition> conditions = Condition.between(job, prototype.slot(), context);
      tables.add(new ConditionTable(voc, shape, conditions));
      switch (Fit.of(job, prototype, context)) {
        case Fit.Fits fits -> fitting.add(prototype);
        case Fit.TooLarge(Resources request, Resources offers) ->
            misfits.add(new Reason.TooLarge(voc, shape, Shortfall.between(request, offers)));
        // Both sides' refusals are told: who mends the one meets the other.
        case Fit.RefusesNode refuses -> misfits.add(mismatch(voc, shape, conditions));
        case Fit.NodeRefuses refuses -> misfits.add(mismatch(voc, shape, conditions));
      }
    }
    List<String> vocs =
        fitting.stream().map(p -> p.definition().name().value()).distinct().toList();
    if (!fitting.isEmpty()) {
      reasons.addAll(supply(job, vocs));
    } else if (!misfits.isEmpty()) {
      reasons.addAll(misfits);
    } else if (facts.prototypes() instanceof Reading.Known) {
      reasons.add(new Reason.NoDefinition(vo));
    }
    if (fitting.isEmpty()) {
      facts.broken().forEach((name, all) -> reasons.add(new Reason.BrokenDefinition(name, all)));
    }
    unread(reasons);
    return explanation(id, job, state, vocs, reasons, tables);
  }

  private static Reason mismatch(String voc, String shape, List<Condition> conditions) {
    return new Reason.Mismatch(voc, shape, conditions.stream().filter(c -> !c.holds()).toList());
  }

  /** Jobs that are deferred or cool down after a failure are no demand until their time comes. */
  private Optional<Reason> notYet(ClassAd job) {
    return Deferral.of(job, context)
        .filter(deferral -> deferral.from() > facts.now().getEpochSecond())
        .map(deferral -> new Reason.NotYet(Instant.ofEpochSecond(deferral.from()), deferral.why()));
  }

  /** What a job that some VOC's nodes would take waits for. */
  private List<Reason> supply(ClassAd job, List<String> vocs) {
    List<String> free = nodesWithRoomFor(job);
    if (!free.isEmpty()) {
      return List.of(new Reason.NodeHasRoom(free, rejection(job)));
    }
    List<Reason> reasons = coming(vocs);
    boolean coming = !reasons.isEmpty();
    Optional<Reason> silence = silence();
    if (silence.isPresent()) {
      reasons.add(silence.get());
      return reasons;
    }
    for (String voc : vocs) {
      // What is on hold is said already, and better.
      if (reasons.stream().noneMatch(r -> r instanceof Reason.NodesHeld h && h.voc().equals(voc))) {
        reasons.addAll(decided(voc, job, coming));
      }
    }
    if (reasons.isEmpty()) {
      reasons.add(new Reason.NotSeenYet());
    }
    return reasons;
  }

  /** The nodes on their way, the nearest first. */
  private List<Reason> coming(List<String> vocs) {
    List<Reason.BootingNode> booting = new ArrayList<>();
    List<Reason> later = new ArrayList<>();
    for (String voc : vocs) {
      List<ClassAd> idle = new ArrayList<>();
      List<ClassAd> held = new ArrayList<>();
      for (ClassAd nodeJob : nodeJobsOf(voc)) {
        switch (JobStatus.of((int) number(nodeJob, CondorAttr.JOB_STATUS))) {
          case RUNNING, TRANSFERRING_OUTPUT, SUSPENDED -> {
            BootingOrJoined where = whereIs(nodeJob);
            if (!where.joined) {
              booting.add(where.node);
            }
          }
          case IDLE -> idle.add(nodeJob);
          case HELD ->
              (number(nodeJob, CondorAttr.HOLD_REASON_CODE) == HoldReason.SPOOLING_INPUT
                      ? idle
                      : held)
                  .add(nodeJob);
          case REMOVED, COMPLETED, UNKNOWN -> {}
        }
      }
      if (!idle.isEmpty()) {
        later.add(queued(idle));
      }
      if (!held.isEmpty()) {
        ClassAd first = held.getFirst();
        later.add(
            new Reason.NodesHeld(
                voc, held.size(), idOf(first), Ads.text(first, CondorAttr.HOLD_REASON)));
      }
    }
    List<Reason> reasons = new ArrayList<>();
    if (!booting.isEmpty()) {
      reasons.add(new Reason.Booting(booting));
    }
    reasons.addAll(later);
    return reasons;
  }

  private List<Reason> decided(String voc, ClassAd job, boolean coming) {
    // Of two sizers that serve a VOC one stands by: what the other says counts.
    Optional<ClassAd> said =
        facts.vocAds().orElse(List.of()).stream()
            .filter(ad -> Ads.text(ad, Attr.VOC).equals(voc))
            .min(Comparator.comparing(ad -> decision(ad).equals("standby")));
    if (said.isEmpty()) {
      return List.of();
    }
    ClassAd ad = said.get();
    Optional<Instant> at = time(ad, Attr.HEARTBEAT);
    String failed = Ads.text(ad, Attr.BREAKER);
    if (GOES_ON.contains(decision(ad)) && coming && !failed.isEmpty()) {
      return List.of(new Reason.NodesFailed(voc, failed));
    }
    if (!GOES_ON.contains(decision(ad))) {
      return List.of(new Reason.Decided(voc, decision(ad), Ads.text(ad, Attr.REASON), at));
    }
    long joined = ad.integer(Attr.NODES_JOINED).orElse(0);
    boolean seen =
        !at.orElse(Instant.EPOCH)
            .isBefore(time(job, CondorAttr.ENTERED_CURRENT_STATUS).orElse(Instant.EPOCH));
    return !coming && joined > 0 && seen ? List.of(new Reason.NodesBusy(voc, joined)) : List.of();
  }

  private static String decision(ClassAd vocAd) {
    return Ads.text(vocAd, Attr.DECISION);
  }

  private Explanation explanation(
      String id,
      ClassAd job,
      String state,
      List<String> vocs,
      List<Reason> reasons,
      List<ConditionTable> tables) {
    return new Explanation(
        new Explanation.Job(
            id,
            Ads.text(job, CondorAttr.OWNER),
            state,
            time(job, CondorAttr.ENTERED_CURRENT_STATUS),
            Ads.text(job, Attr.VO)),
        vocs,
        reasons,
        tables);
  }

  private List<String> nodesWithRoomFor(ClassAd job) {
    return facts.room().orElse(List.of()).stream()
        .filter(slot -> Match.symmetric(job, slot, context))
        .map(slot -> slot.string(Attr.NODE).or(() -> slot.string(CondorAttr.MACHINE)).orElse("?"))
        .distinct()
        .sorted()
        .toList();
  }

  private Reason.NodeQueued queued(List<ClassAd> nodeJobs) {
    ClassAd oldest =
        nodeJobs.stream()
            .min(Comparator.comparingLong(job -> number(job, CondorAttr.Q_DATE)))
            .orElseThrow();
    return new Reason.NodeQueued(
        Ads.text(oldest, Attr.VOC),
        nodeJobs.size(),
        new Reason.QueuedNode(
            Ads.text(oldest, Attr.NODE),
            idOf(oldest),
            time(oldest, CondorAttr.ENTERED_CURRENT_STATUS),
            Ads.text(oldest, Attr.IMAGE)),
        facts.padSlots().map(slots -> PadHosts.judge(oldest, slots, context)),
        rejection(oldest));
  }

  /** The negotiator's last word about a job that it did not match since. */
  private static Optional<Reason.Rejection> rejection(ClassAd job) {
    Optional<Instant> at = time(job, CondorAttr.LAST_REJ_MATCH_TIME);
    String why = Ads.text(job, CondorAttr.LAST_REJ_MATCH_REASON).strip();
    return at.isEmpty()
            || why.isEmpty()
            || at.get().isBefore(time(job, CondorAttr.LAST_MATCH_TIME).orElse(Instant.EPOCH))
        ? Optional.empty()
        : Optional.of(new Reason.Rejection(at.get(), why));
  }

  private List<ClassAd> nodeJobsOf(String voc) {
    return facts.nodeJobs().orElse(List.of()).stream()
        .filter(job -> Ads.text(job, Attr.VOC).equals(voc))
        .toList();
  }

  /** Whether anybody sizes here, and can. */
  private Optional<Reason> silence() {
    if (!(facts.daemons() instanceof Reading.Known<List<ClassAd>>(List<ClassAd> daemons))) {
      return Optional.empty();
    }
    Optional<Instant> last = Optional.empty();
    Optional<ClassAd> schedd = Optional.empty();
    for (ClassAd ad : daemons) {
      if (ad.has(Attr.HEARTBEAT)) {
        schedd = Optional.of(ad);
        last = time(ad, Attr.HEARTBEAT);
      }
    }
    for (ClassAd ad : facts.vocAds().orElse(List.of())) {
      Optional<Instant> heard = time(ad, Attr.HEARTBEAT);
      if (heard.isPresent() && (last.isEmpty() || heard.get().isAfter(last.get()))) {
        last = heard;
      }
    }
    if (last.isEmpty() || Reason.SizingSilent.isSilent(last.get(), facts.now())) {
      return Optional.of(new Reason.SizingSilent(facts.accessPoint(), last));
    }
    return schedd
        .filter(ad -> !ad.string(Attr.SIZER_STATE).orElse("ok").equals("ok"))
        .map(ad -> new Reason.SizingTroubled(facts.accessPoint(), Ads.text(ad, Attr.SIZER_REASON)));
  }

  private void unread(List<Reason> reasons) {
    unread(reasons, "the VOC definitions", facts.prototypes());
    unread(reasons, "the VOCs' ads", facts.vocAds());
    unread(reasons, "the node jobs", facts.nodeJobs());
    unread(reasons, "the nodes", facts.nodes());
    unread(reasons, "the nodes' slots", facts.room());
    unread(reasons, "the PAD hosts' slots", facts.padSlots());
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

  private static String idOf(ClassAd job) {
    return number(job, CondorAttr.CLUSTER_ID) + "." + number(job, CondorAttr.PROC_ID);
  }

  private static long number(ClassAd ad, String attribute) {
    return ad.integer(attribute).orElse(0);
  }

  private static Optional<Instant> time(ClassAd ad, String attribute) {
    long seconds = number(ad, attribute);
    return seconds > 0 ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
  }

  /** {@code slot1_2@pad1.site.test} is on {@code pad1.site.test}. */
  private static String host(ClassAd ad, String attribute) {
    String slot = ad.string(attribute).orElse("");
    return slot.substring(slot.indexOf('@') + 1);
  }
}
