package org.vocluster.sizing;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.ReaperCall;
import org.vocluster.sizing.collector.AdReaper;
import org.vocluster.sizing.collector.CollectorWatch;
import org.vocluster.sizing.collector.VocAdPublisher;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.DemandReading;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.decision.Standby;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.ShownNode;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.history.Expectations;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.NodeLog;
import org.vocluster.sizing.journal.NodeTimes;
import org.vocluster.sizing.journal.ShownFile;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.queue.JobQueueMirror;
import org.vocluster.sizing.queue.LogReading;
import org.vocluster.sizing.queue.RemoteQueues;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.standing.Standing;
import org.vocluster.sizing.submit.ConsoleTails;
import org.vocluster.sizing.submit.LostJobs;
import org.vocluster.sizing.submit.NodeActions;
import org.vocluster.sizing.submit.NodeSubmitter;
import org.vocluster.vm.os.CommandException;

/**
 * Keeps every VOC of one access point as large as its demand: a loop of looking at the definitions,
 * the queues and the collector, asking {@link SizingPass} what follows, and having {@link
 * NodeActions} do it. {@code hook.Size} calls {@link #pass} about twenty times a second, always on
 * one thread, which must never wait.
 *
 * <p>The aside protocol: whatever takes time, asking as well as submitting, is started on a thread
 * of its own by {@link Aside} and touches nothing of the sizer's state. What it found or did comes
 * back as a {@link Runnable}, which the next pass runs on its own thread before it looks at
 * anything else; only so does a result come into the state. Who starts such work marks it as under
 * way, or counts it as done, at once, and puts that right in the Runnable, so that no pass in
 * between asks or orders it again.
 */
public final class Sizer implements AutoCloseable {
  private static final Duration LOOK_AT_DEFINITIONS = Duration.ofSeconds(1);
  private static final Duration DECIDE_AT_LEAST = Duration.ofSeconds(1);
  private static final Duration JUDGE_ANEW = Duration.ofSeconds(60);

  private final SizerConfig config;
  private final SizerLog log;
  private final Clock clock;
  private final HtCondor condor;
  private final Aside aside = new Aside();

  private final RegisteredVocs vocs;
  private final JobQueueMirror mirror;
  private final RemoteQueues remote;
  private final CollectorWatch collector;
  private final StandingWatch standing;

  private final NodeHistory history = new NodeHistory();
  private final NodeTimes times = new NodeTimes();
  private final NodeEvents events;

  private final NodeSubmitter submitter;
  private final NodeActions actions;
  private final AdReaper reaper;
  private final LostJobs lostJobs;
  private final SizerReport report;
  private final ShownFile shownFile;
  private final VocAdPublisher publisher;

  private final LostJobs.Queue running;
  private Demand.Assigned assigned = new Demand.Assigned(List.of(), List.of());
  private LogReading queue = new LogReading.Unknown("the job queue log has not been read yet");
  private boolean definitionsKnown;
  private boolean recalled;
  private boolean due = true;

  /** Whether a node in the pool could show what nobody knows yet. */
  private boolean toBeShown;

  private Instant definitionsLooked = Instant.EPOCH;
  private Instant decided = Instant.EPOCH;
  private Instant judged = Instant.EPOCH;

  public Sizer(SizerConfig config, SizerLog log, Clock clock) {
    SizerConfig.AccessPoint accessPoint = config.accessPoint();
    this.config = config;
    this.log = log;
    this.clock = clock;
    this.condor = config.condor();
    this.submitter = config.submitter(condor);
    this.vocs =
        new RegisteredVocs(
            accessPoint.definitions(),
            EvalContext.DEFAULT.withClock(() -> clock.instant().getEpochSecond()));
    this.mirror = new JobQueueMirror(accessPoint.jobQueueLog());
    this.running = new RunningPayloads(mirror);
    this.remote =
        new RemoteQueues(
            condor,
            aside,
            config.standing()::objection,
            new ServedSchedds(accessPoint.others()),
            accessPoint.schedd(),
            config.interval());
    this.collector = new CollectorWatch(condor, aside, log, config.interval());
    this.standing = new StandingWatch(config.standing(), aside, log);
    AuditLog audit =
        new AuditLog(config.journals().audit(), "voc-size@" + accessPoint.name(), clock);
    ConsoleTails consoles = new ConsoleTails(condor, config.journals().consoles());
    this.actions = new NodeActions(condor, submitter, history, aside, log, audit, consoles, clock);
    this.reaper =
        new AdReaper(
            condor, aside, log, audit, accessPoint.schedd(), config.authority().trustDomain());
    this.lostJobs =
        new LostJobs(condor, config.tools().reaper().map(ReaperCall::new), aside, log, audit);
    NodeLog nodeLog = new NodeLog(config.journals().nodes());
    this.events = new NodeEvents(history, times, nodeLog, actions, reaper, log, audit);
    this.report = new SizerReport(log, accessPoint);
    this.publisher =
        new VocAdPublisher(condor, aside, log, accessPoint.name(), config.authority().tokens());
    this.shownFile = new ShownFile(config.authority().tokens());
    recall(nodeLog);
  }

  /** What an earlier process has left in files. */
  private void recall(NodeLog nodeLog) {
    try {
      actions.recallUnfinished();
    } catch (IOException e) {
      log.say(
          "voc: "
              + config.authority().tokens()
              + ": cannot be searched for unfinished submissions: "
              + e);
    }
    try {
      times.recall(nodeLog.living());
    } catch (IOException e) {
      log.say(
          "voc: " + config.journals().nodes() + ": cannot be read: " + e + "; some times are lost");
    }
    try {
      vocs.recallShown(shownFile.read());
    } catch (IOException e) {
      log.say(
          "voc: "
              + shownFile.path()
              + ": cannot be read: "
              + e.getMessage()
              + "; it is left out, and written anew when nodes have shown what they have");
    }
  }

  /** How the sizer is, for the schedd's ad. */
  public Health health() {
    return new Health(
        queue instanceof LogReading.Unknown(String why) ? why : "",
        collector.slotsUnknown(),
        vocs.valid().size(),
        vocs.broken().size(),
        mirror.size(),
        assigned.unserved().stream().mapToInt(Demand.Unserved::jobs).sum(),
        reaper.waiting(),
        reaper.fault(),
        lostJobs.fault());
  }

  /** Whether the configuration in force lets anybody be served, for the schedd's ad. */
  public Standing standing() {
    return standing.standing();
  }

  /**
   * A summary of the sizer's state.
   *
   * @param queueUnknown why the queue is unknown, or empty
   * @param slotsUnknown why the VAD slots are unknown, or empty
   * @param unservedJobs idle jobs of VOs that no definition's nodes would take
   * @param ghosts dead nodes whose ads are still in the collector
   * @param ghostFault why they stay, or empty
   * @param reaperFault why jobs of ended nodes wait for their lease, or empty
   */
  public record Health(
      String queueUnknown,
      String slotsUnknown,
      int vocs,
      int brokenVocs,
      int jobs,
      int unservedJobs,
      int ghosts,
      String ghostFault,
      String reaperFault) {}

  /** Looks once at everything that may have changed, and acts if there is reason to. */
  public void pass() {
    Instant now = clock.instant();
    aside.takeResults();
    readDefinitions(now);
    readQueue(now);
    readRemoteQueues(now);
    readCollector(now);
    standing.ask(now);
    if (standing.takeNews()) {
      decideSoon();
    }
    if (!(queue instanceof LogReading.Unknown)) {
      reaper.act(now);
      lostJobs.act(running, now);
    }
    recallBreakers();
    if (actions.takeNews()) {
      decideSoon();
    }
    boolean blind =
        queue instanceof LogReading.Unknown
            || !definitionsKnown
            || collector.isAwaited()
            || !collector.publishedWasAsked()
            || standing.isAwaited();
    if (!blind && (due || !now.isBefore(decided.plus(DECIDE_AT_LEAST)))) {
      due = false;
      decided = now;
      decide(now);
    }
    publisher.publish(now);
  }

  /** Something is new that a decision rests on: this pass decides, or the first that can. */
  private void decideSoon() {
    due = true;
  }

  @Override
  public void close() {
    mirror.close();
  }

  // --- definitions

  private void readDefinitions(Instant now) {
    if (now.isBefore(definitionsLooked.plus(LOOK_AT_DEFINITIONS))) {
      return;
    }
    definitionsLooked = now;
    try {
      if (vocs.read()) {
        report.registered(vocs);
        vocs.forgetBreakers(history.breakers());
        judgeAnew();
        decideSoon();
      }
      if (!definitionsKnown) {
        log.forget("definitions");
      }
      definitionsKnown = true;
    } catch (IOException e) {
      definitionsKnown = false;
      log.sayOnce(
          "definitions",
          "voc: "
              + config.accessPoint().definitions()
              + ": cannot be read ("
              + e
              + "); nothing is submitted or removed until it can");
    }
  }

  private void judgeAnew() {
    judged = clock.instant();
    vocs.judgeAnew(collector.outside());
    Significance significance = vocs.significance(collector.outside());
    mirror.tellApartBy(significance);
    remote.tellApartBy(significance);
  }

  // --- the queues

  private void readQueue(Instant now) {
    LogReading reading = mirror.poll();
    switch (reading) {
      case LogReading.Unchanged unchanged -> {}
      case LogReading.Advanced(long records, boolean fromStart) -> {
        if (fromStart) {
          log.say(
              "read "
                  + config.accessPoint().jobQueueLog()
                  + " from its start: "
                  + mirror.size()
                  + " jobs, "
                  + mirror.nodeJobs().size()
                  + " node jobs");
        }
        log.forget("queue");
        queue = reading;
        takeNodeJobs(now);
        decideSoon();
      }
      case LogReading.Unknown(String why) -> {
        queue = reading;
        log.sayOnce("queue", why);
      }
    }
  }

  /** Other schedds' queues are asked, not followed: they are a few seconds old. */
  private void readRemoteQueues(Instant now) {
    remote.ask(now);
    remote.forgetStale(now);
    remote
        .objections()
        .forEach(
            (schedd, why) ->
                log.sayOnce(
                    "objection to " + schedd,
                    "jobs of schedd " + schedd + " are not served: " + why));
    String unknown = remoteUnknown(now);
    if (unknown.isEmpty()) {
      log.forget("remote queues");
    } else {
      log.sayOnce("remote queues", unknown);
    }
    if (remote.takeNews()) {
      decideSoon();
      if (!(queue instanceof LogReading.Unknown)) {
        takeNodeJobs(now);
      }
    }
  }

  private String remoteUnknown(Instant now) {
    return remote.unknown(now).entrySet().stream()
        .map(each -> "the queue of schedd " + each.getKey() + " is unknown: " + each.getValue())
        .collect(Collectors.joining("; "));
  }

  private void takeNodeJobs(Instant now) {
    for (NodeJob ended : mirror.takeEnded()) {
      Expectations expected =
          Expectations.of(() -> assigned.wants(ended.voc()), vocs.definition(ended.voc()));
      events.ended(ended, expected, now);
    }
    events.inQueues(mirror.nodeJobs(), remote.nodeJobs(), now);
    lostJobs.saw(events.byNode(), now);
  }

  // --- the collector

  private void readCollector(Instant now) {
    collector.askPublished(now);
    collector.askSchedd(config.accessPoint().schedd(), now);
    if (!vocs.valid().isEmpty()) {
      collector.askOutside(this::outsideChanged, now);
    }
    if (events.isAnyRunning()) {
      boolean soon =
          !assigned.groups().isEmpty() || times.isClaimNear(now) || events.isAnyBooting();
      collector.askSlots(soon, now);
    }
    if (events.isAnyRunning() && collector.slots(now) instanceof SlotReading.Known known) {
      collector.askShown(
          toBeShown, () -> vocs.toLookAt(events.byNode(), known), this::takeShown, now);
    }
    collector.takeSilence().ifPresent(history::collectorWasSilent);
    collector.takeFresh().ifPresent(events::answered);
    if (collector.takeNews()) {
      decideSoon();
      if (collector.slots(now) instanceof SlotReading.Known known) {
        remote.slotsChanged(known.asked());
        takeSlots(known, now);
      }
    }
    if (events.isAnyQueuedFor(SizerReport.QUEUED_LONG, now)) {
      collector.askPadImages(this::decideSoon, now);
    }
  }

  private void outsideChanged() {
    judgeAnew();
    decideSoon();
  }

  private void takeSlots(SlotReading.Known known, Instant now) {
    boolean anyJoined = events.inPool(known, now);
    if (anyJoined && !assigned.groups().isEmpty()) {
      askForNegotiation();
    }
    List<RegisteredVocs.Learnt> learnt = vocs.learnOffers(events.byNode(), known);
    if (!learnt.isEmpty()) {
      report.learnt(learnt);
      judgeAnew();
    }
    toBeShown = vocs.isAnyUnshown(events.byNode(), known);
  }

  /** Nodes in the pool show all that nodes of their kind have. */
  private void takeShown(List<ClassAd> slots) {
    List<ShownNode> learnt = vocs.learnShown(slots, events.byNode());
    if (learnt.isEmpty()) {
      return;
    }
    toBeShown =
        collector.slots(clock.instant()) instanceof SlotReading.Known known
            && vocs.isAnyUnshown(events.byNode(), known);
    report.shown(learnt);
    judgeAnew();
    decideSoon();
    try {
      shownFile.write(vocs.shown());
      log.forget("shown");
    } catch (IOException e) {
      log.sayOnce(
          "shown", "voc: " + shownFile.path() + ": cannot be written: " + e + "; free its disk");
    }
  }

  /** A new slot does not make the negotiator run; a waiting job would wait for its timer. */
  private void askForNegotiation() {
    aside.start(
        "ask for a negotiation",
        () -> {
          try {
            condor.reschedule();
            return () -> {};
          } catch (CommandException e) {
            return () -> log.sayOnce("reschedule", String.valueOf(e.getMessage()));
          }
        });
  }

  /** What this access point's sizer said before it was started again; read once. */
  private void recallBreakers() {
    if (recalled || collector.published().isEmpty() || !definitionsKnown) {
      return;
    }
    recalled = true;
    vocs.recallBreakers(
        history.breakers(), collector.published().get(), config.accessPoint().name());
    events.breakersRecalled();
  }

  // --- decisions

  private void decide(Instant now) {
    if (now.isAfter(judged.plus(JUDGE_ANEW))) {
      judgeAnew();
    }
    actions.forgetUnseen(now);
    List<JobGroup> idle = new ArrayList<>(mirror.idlePayload());
    idle.addAll(remote.idlePayload());
    assigned = vocs.assign(idle, now);
    report.unserved(assigned.unserved());
    report.probing(assigned.probing());
    SizingPass pass = SizingPass.of(readings(now));
    for (Action action : pass.decision().actions()) {
      actions.carryOut(action, vocs.valid(), pass.decision().avoidedHosts(), now);
    }
    publisher.set(report.decided(vocs, pass, collector.padImages(), now));
  }

  private Readings readings(Instant now) {
    SizerConfig.AccessPoint own = config.accessPoint();
    return new Readings(
        new Readings.Definitions(vocs.prototypes(), vocs.broken().keySet()),
        new DemandReading(
            assigned.groups(),
            remote.isOutdated() ? "other schedds are being asked again" : remoteUnknown(now),
            collector.schedd().room(own.maxJobsPerOwner())),
        new Readings.Nodes(events.all(), collector.slots(now), actions.submitted(), history),
        new Readings.Hindrances(
            vocs.obstacles(submitter, standing.standing()),
            Standby.of(own.name(), own.served(), collector.published().orElse(List.of()), now)),
        config.limits(),
        now);
  }
}
