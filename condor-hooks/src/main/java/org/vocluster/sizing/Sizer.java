package org.vocluster.sizing;

import com.google.common.base.Joiner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.CommandException;
import org.vocluster.vm.NodeId;
import org.vocluster.vm.VocDefinition;

/**
 * Keeps every VOC of one access point as large as its demand: follows the queue and the collector,
 * asks {@link Sizing} and carries its decisions out. Not thread-safe: one thread calls {@link
 * #pass}; HTCondor's tools run beside it and their results are taken in at the next pass.
 */
public final class Sizer implements AutoCloseable {
  private static final Duration SLOTS_WHILE_BOOTING = Duration.ofSeconds(2);
  private static final Duration SLOTS_TOO_OLD = Duration.ofSeconds(60);
  private static final Duration LOOK_AT_DEFINITIONS = Duration.ofSeconds(1);
  private static final Duration DECIDE_AT_LEAST = Duration.ofSeconds(1);
  private static final Duration PUBLISH_AT_LEAST = Duration.ofSeconds(60);
  private static final Duration PUBLISH_AT_MOST = Duration.ofSeconds(1);
  private static final Duration JUDGE_ANEW = Duration.ofSeconds(60);
  private static final Duration SUBMITTED_UNSEEN = Duration.ofSeconds(60);
  private static final Duration QUEUED_LONG = Duration.ofSeconds(15);
  private static final Duration ASK_PAD = Duration.ofSeconds(30);
  private static final Duration REMOVE_AGAIN = Duration.ofSeconds(30);
  private static final int MOST_ATTRIBUTES = 2_000;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int RANDOM_CHARACTERS = 8;

  /** What HTCondor's own submit files look at; known beforehand so that the log is read once. */
  private static final List<String> COMMONLY_LOOKED_AT =
      List.of(
          "TARGET",
          "MY",
          "Arch",
          "OpSys",
          "Disk",
          "Memory",
          "Cpus",
          "HasFileTransfer",
          "FileSystemDomain",
          "DiskUsage",
          "ImageSize",
          "MemoryUsage",
          "RequestGPUs",
          "GPUs",
          "ResidentSetSize",
          "ifThenElse",
          "undefined",
          "true",
          "false",
          "error",
          "quantize",
          "JobVMMemory",
          "ExecutableSize",
          "TransferInputSizeMB",
          "stringListMember",
          "HasFileTransferPluginMethods",
          "OpSysAndVer",
          "OpSysMajorVer",
          "is",
          "isnt");

  /** A node on its way into the queue. */
  private record Submitted(String voc, Instant at) {}

  private final SizerConfig config;
  private final SizerLog log;
  private final Clock clock;
  private final HtCondor condor;
  private final NodeSubmitter submitter;
  private final JobQueueMirror mirror;
  private final Definitions definitions;
  private final EvalContext context;
  private final SecureRandom random = new SecureRandom();
  private final NodeHistory history = new NodeHistory();
  private final ConcurrentLinkedQueue<Runnable> results = new ConcurrentLinkedQueue<>();

  private Definitions.Registered registered = new Definitions.Registered(Map.of(), Map.of());
  private boolean definitionsKnown;
  private final Map<String, NodePrototype> prototypes = new TreeMap<>();
  private Demand demand;
  private Demand.Assigned assigned = new Demand.Assigned(List.of(), List.of());
  private LogReading queue = new LogReading.Unknown("the job queue log has not been read yet");
  private SlotReading slots = new SlotReading.Unknown("the collector has not been asked yet");
  private final Map<String, Submitted> submitted = new LinkedHashMap<>();
  private final Map<String, Setback> failedSubmissions = new HashMap<>();
  private final Set<String> submitting = new HashSet<>();
  private final Map<JobId, Instant> removing = new HashMap<>();
  private final Map<String, ClassAd> ads = new TreeMap<>();
  private Set<String> published = Set.of();
  private Optional<Map<String, String>> padImages = Optional.empty();

  private boolean changed = true;
  private boolean askingSlots;
  private boolean slotsAnswered;
  private boolean askingPad;
  private boolean publishing;
  private boolean adsChanged = true;
  private Instant slotsAsked = Instant.EPOCH;
  private Instant padAsked = Instant.EPOCH;
  private Instant definitionsLooked = Instant.EPOCH;
  private Instant decided = Instant.EPOCH;
  private Instant judged = Instant.EPOCH;
  private Instant lastPublished = Instant.EPOCH;

  public Sizer(SizerConfig config, SizerLog log, Clock clock) {
    this.config = config;
    this.log = log;
    this.clock = clock;
    this.condor =
        new HtCondor(
            config.bin(), config.sbin(), config.collector(), config.keys(), config.tokens());
    this.submitter =
        new NodeSubmitter(
            condor, config.keys(), config.tokens(), config.trustDomain(), config.vocNode());
    this.mirror = new JobQueueMirror(config.jobQueueLog());
    this.definitions = new Definitions(config.definitions());
    this.context = EvalContext.DEFAULT.withClock(() -> clock.instant().getEpochSecond());
    this.demand = new Demand(List.of(), Set.of(), context);
    mirror.tellApartBy(Demand.tellingApart(List.of()));
    mirror.tellApartBy(COMMONLY_LOOKED_AT);
    recallUnfinished();
  }

  /** How the sizer is, for the schedd's ad. */
  public Health health() {
    return new Health(
        queue instanceof LogReading.Unknown(String why) ? why : "",
        slots instanceof SlotReading.Unknown(String why) && slotsAnswered ? why : "",
        registered.valid().size(),
        registered.broken().size(),
        mirror.size(),
        assigned.unserved().stream().mapToInt(Demand.Unserved::jobs).sum());
  }

  /**
   * A summary of the sizer's state.
   *
   * @param queueUnknown why the queue is unknown, or empty
   * @param slotsUnknown why the VAD slots are unknown, or empty
   * @param unservedJobs idle jobs of VOs that no definition's nodes would take
   */
  public record Health(
      String queueUnknown,
      String slotsUnknown,
      int vocs,
      int brokenVocs,
      int jobs,
      int unservedJobs) {}

  /** Looks once at everything that may have changed, and acts if there is reason to. */
  public void pass() {
    Instant now = clock.instant();
    takeResults();
    readDefinitions(now);
    readQueue();
    askSlots(now);
    boolean firstAnswerDue = askingSlots && !slotsAnswered;
    if (queue instanceof LogReading.Unknown || !definitionsKnown || firstAnswerDue) {
      publish(now);
      return;
    }
    if (changed || !now.isBefore(decided.plus(DECIDE_AT_LEAST))) {
      decideAll(now);
      decided = now;
      changed = false;
    }
    askPadImages(now);
    publish(now);
  }

  @Override
  public void close() {
    mirror.close();
  }

  private void takeResults() {
    for (Runnable result = results.poll(); result != null; result = results.poll()) {
      result.run();
    }
  }

  /** Runs beside the passes; what it returns is run by the next pass. */
  private void aside(String doing, Asynchronous work) {
    Thread.ofVirtual()
        .name(doing)
        .start(
            () -> {
              try {
                results.add(work.run());
              } catch (RuntimeException | Error e) {
                results.add(
                    () -> {
                      throw new IllegalStateException(doing, e);
                    });
              }
            });
  }

  /** Work for another thread, and what to do with its result on the passes' own. */
  private interface Asynchronous {
    Runnable run();
  }

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
              + config.definitions()
              + ": cannot be read ("
              + e
              + "); nothing is submitted or removed until it can");
    }
  }

  private void register(Definitions.Registered read) {
    registered = read;
    prototypes.clear();
    for (VocDefinition definition : read.valid().values()) {
      String voc = definition.name().value();
      prototypes.put(voc, NodePrototype.expected(definition, definition.shapes().getFirst()));
      log.sayOnce(
          "definition " + voc,
          "VOC "
              + voc
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
      log.say("no VOC definition in " + config.definitions() + "; see `voc register --help`");
    }
    judgeAnew();
  }

  private void judgeAnew() {
    judged = clock.instant();
    demand = new Demand(List.copyOf(prototypes.values()), registered.broken().keySet(), context);
    changed = true;
  }

  private void readQueue() {
    LogReading reading = mirror.poll();
    for (int again = 0; again < 5 && reading instanceof LogReading.Advanced; again++) {
      Set<String> apart = Demand.tellingApart(mirror.idlePayload());
      if (apart.size() > MOST_ATTRIBUTES || !mirror.tellApartBy(apart)) {
        break;
      }
      reading = mirror.poll();
    }
    switch (reading) {
      case LogReading.Unchanged unchanged -> {}
      case LogReading.Advanced(long records, boolean fromStart) -> {
        if (fromStart) {
          log.say(
              "read "
                  + config.jobQueueLog()
                  + " from its start: "
                  + mirror.size()
                  + " jobs, "
                  + mirror.nodeJobs().size()
                  + " node jobs");
        }
        log.forget("queue");
        queue = reading;
        takeNodeJobs();
        changed = true;
      }
      case LogReading.Unknown(String why) -> {
        queue = reading;
        log.sayOnce("queue", why);
      }
    }
  }

  private void takeNodeJobs() {
    Instant now = clock.instant();
    List<NodeJob> inQueue = mirror.nodeJobs();
    history.saw(inQueue);
    inQueue.forEach(node -> submitted.remove(node.node()));
    for (NodeJob ended : mirror.takeEnded()) {
      submitted.remove(ended.node());
      removing.remove(ended.id());
      boolean wanted = assigned.wants(ended.voc());
      Optional<Setback> before = history.setback(ended.voc());
      history.ended(ended, wanted, now);
      Optional<Setback> after = history.setback(ended.voc());
      log.say("node " + ended.node() + " (node job " + ended.id() + ") left the queue");
      if (after.isPresent() && !after.equals(before)) {
        log.say("VOC " + ended.voc() + ": " + after.get().what());
      }
    }
  }

  private void askSlots(Instant now) {
    List<NodeJob> nodes = mirror.nodeJobs();
    boolean running = nodes.stream().anyMatch(NodeJob::isRunning);
    if (askingSlots || !running) {
      return;
    }
    boolean soon =
        !(slots instanceof SlotReading.Known)
            || nodes.stream().anyMatch(n -> n.isRunning() && !history.hasJoined(n.node()))
            || !assigned.groups().isEmpty();
    Duration pace = soon ? SLOTS_WHILE_BOOTING : config.interval();
    if (now.isBefore(slotsAsked.plus(pace))) {
      return;
    }
    askingSlots = true;
    slotsAsked = now;
    aside(
        "ask the collector for VAD slots",
        () -> {
          SlotReading reading = VadSlots.ask(condor, now);
          return () -> takeSlots(reading);
        });
  }

  private void takeSlots(SlotReading reading) {
    askingSlots = false;
    slotsAnswered = true;
    if (reading.equals(slots)) {
      return;
    }
    switch (reading) {
      case SlotReading.Known known -> {
        if (slots instanceof SlotReading.Unknown) {
          log.forget("slots");
        }
        Set<String> ours =
            mirror.nodeJobs().stream().map(NodeJob::node).collect(Collectors.toSet());
        List<NodeSlot> own = known.slots().stream().filter(s -> ours.contains(s.node())).toList();
        Set<String> fresh = new HashSet<>();
        own.stream().map(NodeSlot::node).filter(n -> !history.hasJoined(n)).forEach(fresh::add);
        if (history.sawSlots(own)) {
          log.say("joined the pool: " + Joiner.on(", ").join(fresh));
          if (!assigned.groups().isEmpty()) {
            reschedule();
          }
        }
        slots = new SlotReading.Known(known.asked(), own);
        learnOffers();
      }
      case SlotReading.Unknown(String why) -> {
        log.sayOnce("slots", "VAD slots are unknown: " + why);
        if (slots instanceof SlotReading.Known known
            && clock.instant().isBefore(known.asked().plus(tooOld()))) {
          return;
        }
        slots = reading;
      }
    }
    changed = true;
  }

  private Duration tooOld() {
    Duration four = config.interval().multipliedBy(4);
    return four.compareTo(SLOTS_TOO_OLD) > 0 ? four : SLOTS_TOO_OLD;
  }

  /** A node that joined shows what the prototype only expected. */
  private void learnOffers() {
    boolean learnt = false;
    for (Map.Entry<String, NodePrototype> each : prototypes.entrySet()) {
      NodePrototype prototype = each.getValue();
      Optional<Resources> shown = Situations.shown(prototype, mirror.nodeJobs(), slots);
      if (shown.isPresent() && !shown.get().equals(prototype.offers())) {
        if (prototype.offers().cpus() != shown.get().cpus()
            || prototype.offers().memoryMb() != shown.get().memoryMb()) {
          log.say("a node of VOC " + each.getKey() + " offers " + shown.get());
        }
        each.setValue(NodePrototype.of(prototype.definition(), prototype.shape(), shown.get()));
        learnt = true;
      }
    }
    if (learnt) {
      judgeAnew();
    }
  }

  /** A new slot does not make the negotiator run; a waiting job would wait for its timer. */
  private void reschedule() {
    aside(
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

  private void decideAll(Instant now) {
    if (now.isAfter(judged.plus(JUDGE_ANEW))) {
      judgeAnew();
    }
    forgetUnseen(now);
    assigned = demand.assign(mirror.idlePayload());
    sayUnserved();
    SlotReading usable =
        slots instanceof SlotReading.Known known && now.isAfter(known.asked().plus(tooOld()))
            ? new SlotReading.Unknown("the collector's last answer is too old")
            : slots;
    Map<String, Set<String>> unseen = new HashMap<>();
    submitted.forEach(
        (node, by) -> unseen.computeIfAbsent(by.voc(), v -> new HashSet<>()).add(node));
    Situations situations =
        new Situations(mirror.nodeJobs(), usable, unseen, history, SizingLimits.DEFAULT, now);
    Map<String, ClassAd> fresh = new TreeMap<>();
    for (NodePrototype prototype : List.copyOf(prototypes.values())) {
      VocDefinition definition = prototype.definition();
      String voc = definition.name().value();
      VocSituation situation =
          situations.of(
              prototype,
              assigned.groups().stream()
                  .filter(group -> group.candidates().getFirst().voc().equals(voc))
                  .toList(),
              setback(voc),
              submitter.obstacle(definition.vo()));
      Decision decision = Sizing.decide(situation, SizingLimits.DEFAULT, now);
      situation.overdue().forEach(history::gaveUp);
      act(definition, decision, now);
      String note = noteAboutImages(definition, situation, now);
      sayDecision(voc, decision, note);
      fresh.put(
          voc,
          VocAd.of(
              definition, situation, decision, note, config.accessPoint(), now.getEpochSecond()));
    }
    registered
        .broken()
        .forEach(
            (name, problems) ->
                fresh.put(
                    name,
                    VocAd.broken(name, problems, config.accessPoint(), now.getEpochSecond())));
    removeUnregistered(now);
    if (!withoutHeartbeat(fresh).equals(withoutHeartbeat(ads))) {
      adsChanged = true;
    }
    ads.clear();
    ads.putAll(fresh);
  }

  private static Map<String, ClassAd> withoutHeartbeat(Map<String, ClassAd> ads) {
    Map<String, ClassAd> result = new HashMap<>();
    ads.forEach((name, ad) -> result.put(name, ad.without("VocHeartbeat")));
    return result;
  }

  private Optional<Setback> setback(String voc) {
    Setback failed = failedSubmissions.get(voc);
    return failed != null ? Optional.of(failed) : history.setback(voc);
  }

  private void sayDecision(String voc, Decision decision, String note) {
    Optional<Setback> setback = setback(voc);
    // The seconds left of a pause are no news.
    String reason =
        decision.verdict() == Decision.Verdict.PAUSED && setback.isPresent()
            ? "until " + setback.get().until() + ": " + setback.get().what()
            : decision.reason();
    String text = "VOC " + voc + ": " + decision.verdict().published() + ": " + reason;
    log.sayOnce("decision " + voc, text);
    if (!note.isEmpty()) {
      log.sayOnce("note " + voc, "VOC " + voc + ": " + note);
    }
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

  private void act(VocDefinition definition, Decision decision, Instant now) {
    for (Action action : decision.actions()) {
      switch (action) {
        case Action.Submit(int nodes) -> submit(definition, nodes, now);
        case Action.Remove(List<NodeJob> nodes) ->
            remove(definition.vo().value(), nodes, decision.reason(), now);
      }
    }
  }

  private void submit(VocDefinition definition, int count, Instant now) {
    String voc = definition.name().value();
    if (!submitting.add(voc)) {
      return;
    }
    List<NodeId> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      NodeId node = newNode(voc);
      nodes.add(node);
      submitted.put(node.value(), new Submitted(voc, now));
    }
    aside(
        "submit nodes of " + voc,
        () -> {
          try {
            submitter.submit(definition, definition.shapes().getFirst(), nodes, List.of());
            return () -> tookSubmission(voc, nodes);
          } catch (CommandException | IOException e) {
            return () -> tookFailure(voc, nodes, String.valueOf(e.getMessage()));
          }
        });
  }

  private void tookSubmission(String voc, List<NodeId> nodes) {
    submitting.remove(voc);
    failedSubmissions.remove(voc);
    changed = true;
    log.say("VOC " + voc + ": submitted " + Joiner.on(", ").join(nodes));
  }

  private void tookFailure(String voc, List<NodeId> nodes, String why) {
    submitting.remove(voc);
    // A tool that failed or was killed may have submitted all the same: until that would be seen in
    // the queue, the nodes count. The pause after a failure is never shorter than that takes.
    nodes.forEach(node -> submitted.remove(node.value()));
    Setback before = failedSubmissions.get(voc);
    int times = before == null ? 1 : before.times() + 1;
    failedSubmissions.put(
        voc,
        new Setback(
            times, clock.instant(), "submitting nodes failed (" + times + " in a row): " + why));
    changed = true;
    log.say("VOC " + voc + ": submitting " + Joiner.on(", ").join(nodes) + " failed: " + why);
  }

  private NodeId newNode(String voc) {
    StringBuilder name = new StringBuilder(voc).append('-');
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new NodeId(name.toString());
  }

  private void forgetUnseen(Instant now) {
    submitted
        .entrySet()
        .removeIf(
            each -> {
              boolean old =
                  now.isAfter(each.getValue().at().plus(SUBMITTED_UNSEEN))
                      && !submitting.contains(each.getValue().voc());
              if (old) {
                log.say("node " + each.getKey() + " was submitted but never seen in the queue");
              }
              return old;
            });
  }

  private void recallUnfinished() {
    try {
      for (NodeSubmitter.Unfinished unfinished : submitter.takeUnfinished()) {
        unfinished
            .nodes()
            .forEach(
                node -> submitted.put(node, new Submitted(unfinished.voc(), unfinished.begun())));
      }
    } catch (IOException e) {
      log.say("voc: " + config.tokens() + ": cannot be searched for unfinished submissions: " + e);
    }
  }

  private void remove(String vo, List<NodeJob> nodes, String why, Instant now) {
    List<NodeJob> once =
        nodes.stream()
            .filter(
                node -> {
                  Instant before = removing.get(node.id());
                  return before == null || now.isAfter(before.plus(REMOVE_AGAIN));
                })
            .toList();
    if (once.isEmpty()) {
      return;
    }
    once.forEach(node -> removing.put(node.id(), now));
    String names = once.stream().map(NodeJob::node).collect(Collectors.joining(", "));
    aside(
        "remove nodes of " + vo,
        () -> {
          try {
            condor.remove(vo, once.stream().map(NodeJob::id).toList());
            return () -> log.say("removed from the queue: " + names + " (" + why + ")");
          } catch (CommandException e) {
            return () -> log.say("removing " + names + " failed: " + e.getMessage());
          }
        });
  }

  private void removeUnregistered(Instant now) {
    Set<String> known = new HashSet<>(registered.valid().keySet());
    known.addAll(registered.broken().keySet());
    Map<String, List<NodeJob>> byVo =
        Situations.unregistered(mirror.nodeJobs(), known).stream()
            .collect(Collectors.groupingBy(NodeJob::vo));
    byVo.forEach((vo, nodes) -> remove(vo, nodes, "their VOC is registered no more", now));
  }

  private void askPadImages(Instant now) {
    Instant longAgo = now.minus(QUEUED_LONG);
    boolean waiting =
        mirror.nodeJobs().stream()
            .anyMatch(n -> n.isQueued() && n.since() < longAgo.getEpochSecond());
    if (askingPad || !waiting || now.isBefore(padAsked.plus(ASK_PAD))) {
      return;
    }
    askingPad = true;
    padAsked = now;
    aside(
        "ask the collector for images",
        () -> {
          try {
            Map<String, String> images = PadImages.ask(condor);
            return () -> {
              askingPad = false;
              padImages = Optional.of(images);
              changed = true;
            };
          } catch (CommandException e) {
            return () -> askingPad = false;
          }
        });
  }

  private String noteAboutImages(VocDefinition definition, VocSituation voc, Instant now) {
    boolean waiting =
        voc.queued().stream().anyMatch(n -> n.since() < now.minus(QUEUED_LONG).getEpochSecond());
    return waiting && padImages.isPresent()
        ? PadImages.why(definition.image().value(), padImages.get())
        : "";
  }

  private void publish(Instant now) {
    Duration pace = adsChanged ? PUBLISH_AT_MOST : PUBLISH_AT_LEAST;
    if (publishing || now.isBefore(lastPublished.plus(pace))) {
      return;
    }
    Set<String> gone = new HashSet<>(published);
    gone.removeAll(ads.keySet());
    if (ads.isEmpty() && gone.isEmpty()) {
      return;
    }
    publishing = true;
    adsChanged = false;
    lastPublished = now;
    published = Set.copyOf(ads.keySet());
    String text = ads.values().stream().map(LongForm::print).collect(Collectors.joining("\n"));
    aside(
        "publish VOC ads",
        () -> {
          try {
            if (!text.isEmpty()) {
              withFile(text, condor::publish);
            }
            for (String voc : gone) {
              withFile(query(voc), condor::withdraw);
            }
            return () -> {
              publishing = false;
              log.forget("publish");
            };
          } catch (CommandException | IOException e) {
            return () -> {
              publishing = false;
              log.sayOnce("publish", "publishing VOC ads failed: " + e.getMessage());
            };
          }
        });
  }

  private String query(String voc) {
    return LongForm.print(
            ClassAd.builder()
                .set("MyType", "Query")
                .set("TargetType", "VOC")
                .set("Name", VocAd.nameOf(voc, config.accessPoint()))
                .build())
        + "Requirements = TARGET.Name == MY.Name\n";
  }

  private interface FileUse {
    void with(Path file) throws CommandException;
  }

  private static void withFile(String text, FileUse use) throws CommandException, IOException {
    Path file = Files.createTempFile("voc-", ".ad");
    try {
      Files.writeString(file, text);
      use.with(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
