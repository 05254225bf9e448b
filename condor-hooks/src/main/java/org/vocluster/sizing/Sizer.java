package org.vocluster.sizing;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.collector.AdReaper;
import org.vocluster.sizing.collector.CollectorWatch;
import org.vocluster.sizing.collector.PadImages;
import org.vocluster.sizing.collector.VocAd;
import org.vocluster.sizing.collector.VocAdPublisher;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.Decision;
import org.vocluster.sizing.decision.NodeSupply;
import org.vocluster.sizing.decision.PublishedVoc;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.decision.Situations;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.decision.Standby;
import org.vocluster.sizing.decision.VocSituation;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.history.Breakers;
import org.vocluster.sizing.history.Expectations;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.NodeLog;
import org.vocluster.sizing.journal.NodeTimes;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.queue.JobQueueMirror;
import org.vocluster.sizing.queue.LogReading;
import org.vocluster.sizing.queue.RemoteQueues;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.submit.ConsoleTails;
import org.vocluster.sizing.submit.NodeActions;
import org.vocluster.sizing.submit.NodeSubmitter;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.os.CommandException;

/**
 * Keeps every VOC of one access point as large as its demand: a loop of looking at the definitions,
 * the queue and the collector, asking {@link SizingPass} what follows, and having {@link
 * NodeActions} do it. Not thread-safe: one thread calls {@link #pass}; HTCondor's tools run beside
 * it and their results are taken in at the next pass.
 */
public final class Sizer implements AutoCloseable {
  private static final Duration LOOK_AT_DEFINITIONS = Duration.ofSeconds(1);
  private static final Duration DECIDE_AT_LEAST = Duration.ofSeconds(1);
  private static final Duration JUDGE_ANEW = Duration.ofSeconds(60);
  private static final Duration QUEUED_LONG = Duration.ofSeconds(15);

  private final SizerConfig config;
  private final SizerLog log;
  private final AuditLog audit;
  private final Clock clock;
  private final HtCondor condor;
  private final NodeSubmitter submitter;
  private final Aside aside = new Aside();
  private final JobQueueMirror mirror;
  private final RemoteQueues remote;
  private final CollectorWatch collector;
  private final NodeHistory history = new NodeHistory();
  private final NodeTimes times = new NodeTimes();
  private final NodeLog nodeLog;
  private final NodeActions actions;
  private final AdReaper reaper;
  private final VocAdPublisher publisher;
  private final Definitions definitions;
  private final EvalContext context;
  private final Set<String> schedds;

  private Definitions.Registered registered = new Definitions.Registered(Map.of(), Map.of());
  private boolean definitionsKnown;
  private final Map<String, NodePrototype> prototypes = new TreeMap<>();
  private Demand demand;
  private Demand.Assigned assigned = new Demand.Assigned(List.of(), List.of());
  private LogReading queue = new LogReading.Unknown("the job queue log has not been read yet");
  private @Nullable List<NodeJob> ownNodeJobs;
  private List<NodeJob> othersNodeJobs = List.of();
  private NodeJobs sortedNodeJobs = NodeJobs.of(List.of());
  private Map<String, NodeJob> nodeJobs = Map.of();
  private Set<Breaker> breakersBefore = Set.of();

  private boolean changed = true;
  private boolean recalled;
  private Instant definitionsLooked = Instant.EPOCH;
  private Instant decided = Instant.EPOCH;
  private Instant judged = Instant.EPOCH;

  public Sizer(SizerConfig config, SizerLog log, Clock clock) {
    this.config = config;
    this.log = log;
    this.clock = clock;
    this.audit =
        new AuditLog(config.journals().audit(), "voc-size@" + config.accessPoint().name(), clock);
    this.nodeLog = new NodeLog(config.journals().nodes());
    this.condor = config.condor();
    this.submitter = config.submitter(condor);
    this.mirror = new JobQueueMirror(config.accessPoint().jobQueueLog());
    this.remote =
        new RemoteQueues(
            condor,
            (doing, work) -> aside.start(doing, work::get),
            config.accessPoint().others(),
            config.accessPoint().schedd(),
            config.interval());
    this.collector = new CollectorWatch(condor, aside, log, config.interval());
    ConsoleTails consoles = new ConsoleTails(condor, config.journals().consoles());
    this.actions = new NodeActions(condor, submitter, history, aside, log, audit, consoles, clock);
    this.reaper =
        new AdReaper(
            condor,
            aside,
            log,
            audit,
            config.accessPoint().schedd(),
            config.authority().trustDomain());
    this.publisher =
        new VocAdPublisher(
            condor, aside, log, config.accessPoint().name(), config.authority().tokens());
    this.definitions = new Definitions(config.accessPoint().definitions());
    this.context = EvalContext.DEFAULT.withClock(() -> clock.instant().getEpochSecond());
    this.schedds = config.accessPoint().served();
    this.demand = new Demand(List.of(), Set.of(), context);
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
  }

  /** How the sizer is, for the schedd's ad. */
  public Health health() {
    return new Health(
        queue instanceof LogReading.Unknown(String why) ? why : "",
        collector.slotsUnknown(),
        registered.valid().size(),
        registered.broken().size(),
        mirror.size(),
        assigned.unserved().stream().mapToInt(Demand.Unserved::jobs).sum(),
        reaper.waiting(),
        reaper.fault());
  }

  /**
   * A summary of the sizer's state.
   *
   * @param queueUnknown why the queue is unknown, or empty
   * @param slotsUnknown why the VAD slots are unknown, or empty
   * @param unservedJobs idle jobs of VOs that no definition's nodes would take
   * @param ghosts dead nodes whose ads are still in the collector
   * @param ghostFault why they stay, or empty
   */
  public record Health(
      String queueUnknown,
      String slotsUnknown,
      int vocs,
      int brokenVocs,
      int jobs,
      int unservedJobs,
      int ghosts,
      String ghostFault) {}

  /** Looks once at everything that may have changed, and acts if there is reason to. */
  public void pass() {
    Instant now = clock.instant();
    aside.takeResults();
    readDefinitions(now);
    readQueue(now);
    readRemoteQueues(now);
    readCollector(now);
    if (!(queue instanceof LogReading.Unknown)) {
      reaper.act(now);
    }
    recallBreakers();
    boolean blind =
        queue instanceof LogReading.Unknown
            || !definitionsKnown
            || collector.isAwaited()
            || !collector.publishedWasAsked();
    changed |= actions.takeChanged();
    if (!blind && (changed || !now.isBefore(decided.plus(DECIDE_AT_LEAST)))) {
      changed = false;
      decided = now;
      decide(now);
    }
    publisher.publish(now);
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
      definitions.readIfChanged().ifPresent(this::register);
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

  private void register(Definitions.Registered read) {
    registered = read;
    prototypes.clear();
    for (VocDefinition definition : read.valid().values()) {
      definition
          .shapes()
          .forEach(
              shape -> {
                NodePrototype prototype = NodePrototype.expected(definition, shape);
                prototypes.put(prototype.key(), prototype);
              });
      log.sayOnce(
          "definition " + definition.name(),
          "VOC "
              + definition.name()
              + " of VO "
              + definition.vo()
              + ": "
              + definition.minNodes()
              + " to "
              + definition.maxNodes()
              + " nodes of "
              + definition.shapesInWords()
              + ", image "
              + definition.image());
    }
    read.broken()
        .forEach(
            (name, problems) ->
                log.sayOnce(
                    "definition " + name,
                    "VOC definition "
                        + name
                        + " has faults and is not served:\n"
                        + String.join("\n", problems)));
    if (read.valid().isEmpty() && read.broken().isEmpty()) {
      log.say(
          "no VOC definition in "
              + config.accessPoint().definitions()
              + "; see `voc register --help`");
    }
    forgetBreakers();
    judgeAnew();
  }

  /** What is not registered any more cannot fail: a mended definition starts without a breaker. */
  private void forgetBreakers() {
    forgetUnregistered(history.breakers(), registered);
  }

  static void forgetUnregistered(Breakers breakers, Definitions.Registered registered) {
    Map<String, Set<String>> digests = new HashMap<>();
    Set<String> images = new HashSet<>();
    for (VocDefinition definition : registered.valid().values()) {
      images.add(definition.image().value());
      digests.put(
          definition.name().value(),
          definition.shapes().stream()
              .map(shape -> definition.nodeDigest(shape).value())
              .collect(Collectors.toSet()));
    }
    breakers.keepOnly(digests, images);
  }

  private void judgeAnew() {
    judged = clock.instant();
    List<NodePrototype> all = List.copyOf(prototypes.values());
    demand = new Demand(all, registered.broken().keySet(), collector.outside(), context);
    Significance significance = Demand.significance(all, collector.outside());
    mirror.tellApartBy(significance);
    remote.tellApartBy(significance);
    changed = true;
  }

  // --- the queue

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
        changed = true;
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
    String unknown = remoteUnknown(now);
    if (unknown.isEmpty()) {
      log.forget("remote queues");
    } else {
      log.sayOnce("remote queues", unknown);
    }
    if (remote.takeNews()) {
      changed = true;
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
      actions.ended(ended);
      Expectations expected =
          Expectations.of(assigned.wants(ended.voc()), registered.valid().get(ended.voc()));
      say(history.ended(ended, expected, now), now);
    }
    List<NodeJob> own = mirror.nodeJobs();
    List<NodeJob> others = remote.nodeJobs();
    if (!own.equals(ownNodeJobs) || !others.equals(othersNodeJobs)) {
      takeNodeJobs(own, others, now);
    }
    sayBreakers();
  }

  private void takeNodeJobs(List<NodeJob> own, List<NodeJob> others, Instant now) {
    ownNodeJobs = own;
    othersNodeJobs = others;
    List<NodeJob> inQueues = new ArrayList<>(own);
    inQueues.addAll(others);
    sortedNodeJobs = NodeJobs.of(inQueues);
    Map<String, NodeJob> byNode = new LinkedHashMap<>();
    inQueues.forEach(node -> byNode.putIfAbsent(node.node(), node));
    nodeJobs = byNode;
    actions.saw(inQueues);
    reaper.saw(own);
    times.saw(inQueues).forEach(nodeLog::record);
    history.saw(inQueues, now).forEach(end -> say(end, now));
  }

  private void say(NodeHistory.End end, Instant now) {
    NodeJob node = end.node();
    String fault = end.fault().isEmpty() ? "" : "; " + end.fault();
    log.say("node " + node.node() + " (node job " + node.id() + ") " + end.what() + fault);
    audit.record(node.voc(), "end", List.of(node.node()), end.what() + fault);
    times.ended(node, end.what() + fault, now).ifPresent(nodeLog::record);
  }

  private void sayBreakers() {
    Set<Breaker> now = Set.copyOf(history.breakers().all());
    if (now.equals(breakersBefore)) {
      return;
    }
    for (Breaker breaker : now) {
      if (!breakersBefore.contains(breaker)) {
        String text = breaker.scope().text() + " " + breaker.key() + ": " + breaker.what();
        log.say("breaker opens until " + breaker.until() + " for " + text);
        audit.record(breaker.voc(), "breaker-open", List.of(), text);
      }
    }
    for (Breaker breaker : breakersBefore) {
      if (now.stream().noneMatch(other -> same(other, breaker))) {
        String text = breaker.scope().text() + " " + breaker.key();
        log.say("breaker closes for " + text);
        audit.record(breaker.voc(), "breaker-close", List.of(), text);
      }
    }
    breakersBefore = now;
  }

  private static boolean same(Breaker a, Breaker b) {
    return a.scope() == b.scope() && a.key().equals(b.key()) && a.failure() == b.failure();
  }

  // --- the collector

  private void readCollector(Instant now) {
    collector.askPublished(now);
    if (!registered.valid().isEmpty()) {
      collector.askOutside(this::judgeAnew, now);
    }
    boolean running = nodeJobs.values().stream().anyMatch(NodeJob::isRunning);
    if (running) {
      boolean soon =
          !assigned.groups().isEmpty()
              || times.isClaimNear(now)
              || nodeJobs.values().stream()
                  .anyMatch(n -> n.isRunning() && !history.hasJoined(n.node()));
      collector.askSlots(soon, now);
    }
    collector.takeSilence().ifPresent(history::collectorWasSilent);
    collector
        .takeFresh()
        .ifPresent(
            known -> times.sawAds(known.sightings(), known.asked()).forEach(nodeLog::record));
    if (collector.takeNews()) {
      changed = true;
      if (collector.slots(now) instanceof SlotReading.Known known) {
        remote.slotsChanged(known.asked());
        takeSlots(known, now);
      }
    }
    boolean waiting =
        nodeJobs.values().stream()
            .anyMatch(n -> n.isQueued() && n.since() < now.minus(QUEUED_LONG).getEpochSecond());
    if (waiting) {
      collector.askPadImages(() -> changed = true, now);
    }
  }

  private void takeSlots(SlotReading.Known known, Instant now) {
    List<String> joined = history.sawSlots(known.slots(), nodeJobs, now);
    if (!joined.isEmpty()) {
      log.say("joined the pool: " + String.join(", ", joined));
      for (String node : joined) {
        NodeJob job = nodeJobs.get(node);
        if (job != null) {
          audit.record(job.voc(), "join", List.of(node), "on " + job.run().host());
        }
      }
      if (!assigned.groups().isEmpty()) {
        askForNegotiation();
      }
    }
    sayBreakers();
    learnOffers(known);
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

  /** A node that joined shows what the prototype only expected. */
  private void learnOffers(SlotReading.Known known) {
    boolean learnt = false;
    for (Map.Entry<String, NodePrototype> each : prototypes.entrySet()) {
      NodePrototype prototype = each.getValue();
      Resources shown = Situations.shown(prototype, nodeJobs, known).orElse(prototype.offers());
      if (!shown.equals(prototype.offers())) {
        if (prototype.offers().cpus() != shown.cpus()
            || prototype.offers().memoryMb() != shown.memoryMb()) {
          log.say("a node of VOC " + each.getKey() + " offers " + shown);
        }
        each.setValue(NodePrototype.of(prototype.definition(), prototype.shape(), shown));
        learnt = true;
      }
    }
    if (learnt) {
      judgeAnew();
    }
  }

  /** What this access point's sizer said before it was started again; read once. */
  private void recallBreakers() {
    if (recalled || collector.published().isEmpty() || !definitionsKnown) {
      return;
    }
    recalled = true;
    for (PublishedVoc voc : collector.published().get()) {
      if (voc.accessPoint().equals(config.accessPoint().name())) {
        history.breakers().recall(voc.breakers());
      }
    }
    forgetBreakers();
    breakersBefore = Set.copyOf(history.breakers().all());
    breakersBefore.forEach(
        breaker ->
            log.say(
                "breaker recalled for "
                    + breaker.scope().text()
                    + " "
                    + breaker.key()
                    + ": "
                    + breaker.what()));
  }

  // --- decisions

  private void decide(Instant now) {
    if (now.isAfter(judged.plus(JUDGE_ANEW))) {
      judgeAnew();
      changed = false;
    }
    actions.forgetUnseen(now);
    List<JobGroup> idle = new ArrayList<>(mirror.idlePayload());
    idle.addAll(remote.idlePayload());
    assigned = demand.assign(idle);
    sayUnserved();
    SizingPass pass = SizingPass.of(readings(now));
    for (Action action : pass.decision().actions()) {
      actions.carryOut(action, registered.valid(), pass.decision().avoidedHosts(), now);
    }
    tell(pass, now);
  }

  private Readings readings(Instant now) {
    Map<String, String> obstacles = new HashMap<>();
    for (VocDefinition definition : registered.valid().values()) {
      submitter
          .obstacle(definition.vo())
          .ifPresent(why -> obstacles.put(definition.name().value(), why));
    }
    return new Readings(
        prototypes.values(),
        registered.broken().keySet(),
        assigned.groups(),
        sortedNodeJobs,
        remote.isOutdated() ? "other schedds are being asked again" : remoteUnknown(now),
        collector.slots(now),
        actions.submitted(),
        history,
        obstacles,
        Standby.of(
            config.accessPoint().name(), schedds, collector.published().orElse(List.of()), now),
        config.limits(),
        now);
  }

  private void tell(SizingPass pass, Instant now) {
    Map<String, ClassAd> ads = new TreeMap<>();
    for (VocSituation voc : pass.situation().vocs()) {
      VocDefinition definition = registered.valid().get(voc.voc());
      Decision decision = pass.decision().vocs().get(voc.voc());
      if (definition == null || decision == null) {
        continue;
      }
      String note = noteAboutImages(definition, voc, now);
      String text = "VOC " + voc.voc() + ": " + decision.verdict().published();
      log.sayOnce("decision " + voc.voc(), text + ": " + decision.reason());
      if (!note.isEmpty()) {
        log.sayOnce("note " + voc.voc(), "VOC " + voc.voc() + ": " + note);
      }
      ads.put(
          voc.voc(),
          VocAd.of(
              definition,
              voc,
              decision,
              concerning(voc, pass.situation().breakers()),
              note,
              config.accessPoint().name(),
              schedds,
              now));
    }
    registered
        .broken()
        .forEach(
            (name, problems) ->
                ads.put(name, VocAd.broken(name, problems, config.accessPoint().name(), now)));
    publisher.set(ads);
  }

  static List<Breaker> concerning(VocSituation voc, List<Breaker> breakers) {
    return breakers.stream()
        .filter(
            breaker ->
                switch (breaker.scope()) {
                  case IMAGE -> breaker.key().equals(voc.image());
                  case VOC, HOST -> breaker.voc().equals(voc.voc());
                })
        .toList();
  }

  private String noteAboutImages(VocDefinition definition, VocSituation voc, Instant now) {
    long longAgo = now.minus(QUEUED_LONG).getEpochSecond();
    boolean waiting =
        voc.nodes().stream()
            .anyMatch(
                node ->
                    node.stage() == NodeSupply.Stage.QUEUED
                        && node.job().isPresent()
                        && node.job().get().since() < longAgo);
    return waiting && collector.padImages().isPresent()
        ? PadImages.why(definition.image().value(), collector.padImages().get())
        : "";
  }

  private void sayUnserved() {
    Map<String, Integer> count = new LinkedHashMap<>();
    for (Demand.Unserved unserved : assigned.unserved()) {
      String about = "unserved " + unserved.vo() + " " + unserved.why();
      if (count.merge(about, unserved.jobs(), Integer::sum) == unserved.jobs()) {
        log.sayOnce(
            about,
            "voc: job "
                + unserved.example()
                + " of VO "
                + unserved.vo()
                + " and jobs like it get no node: "
                + unserved.why());
      }
    }
  }
}
