package org.vocluster.sizing;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.Counted;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.SizerReport.Decided;
import org.vocluster.sizing.collector.CollectorWatch;
import org.vocluster.sizing.collector.ScheddLimits;
import org.vocluster.sizing.collector.VadSlots;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.DemandReading;
import org.vocluster.sizing.decision.NodeSupply;
import org.vocluster.sizing.decision.PoolDecision;
import org.vocluster.sizing.decision.PoolSituation;
import org.vocluster.sizing.decision.PublishedVoc;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.decision.Standby;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.journal.ShownFile;
import org.vocluster.sizing.queue.JobQueueMirror;
import org.vocluster.sizing.queue.LogReading;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.sizing.standing.Standing;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.os.CommandException;

/**
 * What the size hook would do now, found as the hook finds it after a restart: everything is read
 * once and goes through the same {@link RegisteredVocs}, {@link SizingPass} and {@link SizerReport}
 * as in {@link Sizer}, and nothing is done. {@code voc plan} calls it. It writes nothing anywhere,
 * so that it does not disturb a hook beside it.
 */
public final class DryRun {
  private final SizerConfig config;
  private final HtCondor condor;
  private final Instant now;
  private final RegisteredVocs vocs;
  private final List<String> unknown = new ArrayList<>();

  public DryRun(SizerConfig config, Clock clock) {
    this.config = config;
    this.condor = config.condor();
    this.now = clock.instant();
    this.vocs =
        new RegisteredVocs(
            config.accessPoint().definitions(), EvalContext.DEFAULT.withClock(now::getEpochSecond));
  }

  /**
   * What came out.
   *
   * @param plan for people
   * @param ads the VOC ads that the hook would publish
   */
  public record Result(Plan plan, List<ClassAd> ads) {
    public Result {
      ads = List.copyOf(ads);
    }
  }

  /** Without the queue or the definitions nothing can be decided. */
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }

  /**
   * Reads and decides.
   *
   * @throws UnreadableException if the queue or the definitions cannot be read
   */
  public Result run() throws UnreadableException {
    recallShown();
    try {
      vocs.read();
    } catch (IOException e) {
      throw new UnreadableException(config.accessPoint().definitions() + ": cannot be read: " + e);
    }
    List<ClassAd> outside = outside();
    try (JobQueueMirror mirror = new JobQueueMirror(config.accessPoint().jobQueueLog())) {
      mirror.tellApartBy(vocs.significance(outside));
      if (mirror.poll() instanceof LogReading.Unknown(String why)) {
        throw new UnreadableException(why);
      }
      return decide(mirror, outside);
    }
  }

  private Result decide(JobQueueMirror mirror, List<ClassAd> outside) {
    Map<NodeId, NodeJob> nodeJobs = new LinkedHashMap<>();
    mirror.nodeJobs().forEach(node -> nodeJobs.putIfAbsent(node.node(), node));
    List<PublishedVoc> published = published();
    NodeHistory history = new NodeHistory();
    vocs.recallBreakers(history.breakers(), published, config.accessPoint().name());
    history.saw(mirror.nodeJobs(), now);
    SlotReading slots = slots(nodeJobs.values().stream().anyMatch(NodeJob::isRunning));
    if (slots instanceof SlotReading.Known known) {
      history.sawSlots(known.slots(), nodeJobs, now);
      vocs.learnOffers(nodeJobs, known);
      vocs.learnShown(whole(vocs.toLookAt(nodeJobs, known)), nodeJobs);
    }
    vocs.judgeAnew(outside);
    Demand.Assigned assigned = vocs.assign(mirror.idlePayload(), now);
    SizingPass pass =
        SizingPass.of(readings(mirror.nodeJobs(), published, history, slots, assigned));
    return new Result(
        plan(assigned, pass),
        List.copyOf(SizerReport.ads(vocs, pass, Map.of(), config.accessPoint(), now).values()));
  }

  private Readings readings(
      List<NodeJob> nodeJobs,
      List<PublishedVoc> published,
      NodeHistory history,
      SlotReading slots,
      Demand.Assigned assigned) {
    SizerConfig.AccessPoint own = config.accessPoint();
    return new Readings(
        new Readings.Definitions(vocs.prototypes(), vocs.broken().keySet()),
        new DemandReading(
            assigned.groups(),
            own.others().isEmpty() ? "" : "other schedds' queues, which are not asked here",
            schedd().room(own.maxJobsPerOwner())),
        new Readings.Nodes(NodeJobs.of(nodeJobs), slots, List.of(), history),
        new Readings.Hindrances(
            vocs.obstacles(config.submitter(condor), standing()),
            Standby.of(own.name(), own.served(), published, now)),
        config.limits(),
        now);
  }

  /** The hook waits for an answer; what is unknown here is said, and nothing else. */
  private Standing standing() {
    Standing standing = config.standing().ask();
    standing.unknown().forEach(why -> unknown.add("configuration in force: " + why));
    return new Standing(standing.missing(), List.of());
  }

  private void recallShown() {
    ShownFile file = new ShownFile(config.authority().tokens());
    try {
      vocs.recallShown(file.read());
    } catch (IOException e) {
      unknown.add("what nodes have shown: " + file.path() + ": " + e.getMessage());
    }
  }

  private List<ClassAd> whole(List<NodeId> nodes) {
    if (nodes.isEmpty()) {
      return List.of();
    }
    try {
      return CollectorWatch.whole(condor, nodes);
    } catch (CommandException e) {
      unknown.add("what nodes show: " + e.getMessage());
      return List.of();
    }
  }

  private List<PublishedVoc> published() {
    try {
      return PublishedVoc.all(Ads.inLongForm(condor.vocs()));
    } catch (CommandException | ClassAdSyntaxException e) {
      unknown.add("what sizing published: " + e.getMessage());
      return List.of();
    }
  }

  private ScheddLimits schedd() {
    try {
      return ScheddLimits.of(Ads.inLongForm(condor.schedd(config.accessPoint().schedd())));
    } catch (CommandException | ClassAdSyntaxException e) {
      unknown.add("what this schedd runs at most: " + e.getMessage());
      return ScheddLimits.NONE;
    }
  }

  private List<ClassAd> outside() {
    try {
      return Ads.inLongForm(condor.slots(CollectorWatch.OUTSIDE, List.of()));
    } catch (CommandException | ClassAdSyntaxException e) {
      unknown.add("slots outside the VOCs: " + e.getMessage());
      return List.of();
    }
  }

  /** As the hook, it does not ask about slots as long as no node can have any. */
  private SlotReading slots(boolean anyRuns) {
    if (!anyRuns) {
      return new SlotReading.Unknown("no node runs");
    }
    SlotReading reading = VadSlots.ask(condor, now);
    if (reading instanceof SlotReading.Unknown(String why)) {
      unknown.add("VAD slots: " + why);
    }
    return reading;
  }

  // --- in words

  private Plan plan(Demand.Assigned assigned, SizingPass pass) {
    return new Plan(
        SizerReport.decided(vocs, pass).stream().map(voc -> voc(voc, pass.situation())).toList(),
        pass.decision().placements().stream().map(this::group).toList(),
        new Plan.WithoutNode(
            assigned.unserved().stream()
                .map(u -> new Plan.Unserved(u.vo(), u.jobs(), u.example().toString(), u.why()))
                .toList(),
            assigned.probing().stream()
                .map(
                    p ->
                        new Plan.Probing(
                            p.kind().toString(), p.jobs(), p.example().toString(), p.attributes()))
                .toList(),
            assigned.elsewhere(),
            assigned.waiting()),
        vocs.broken(),
        pass.situation().breakers(),
        pass.decision().others().stream().map(DryRun::inWords).toList(),
        unknown);
  }

  private static Plan.Voc voc(Decided voc, PoolSituation pool) {
    VocDefinition definition = voc.definition();
    return new Plan.Voc(
        definition.name(),
        definition.vo(),
        limits(definition, pool),
        voc.decision().verdict().published(),
        voc.decision().reason(),
        voc.situation().nodes().stream().map(node -> node(node, definition)).toList(),
        voc.decision().actions().stream().map(DryRun::inWords).toList());
  }

  private static String limits(VocDefinition definition, PoolSituation pool) {
    StringBuilder text = new StringBuilder();
    text.append(definition.minNodes()).append(" to ").append(atMost(definition.maxNodes()));
    text.append(" nodes of ").append(definition.shapesInWords());
    if (definition.spareNodes() > 0) {
      text.append(", ").append(definition.spareNodes()).append(" spare");
    }
    if (definition.rampNodes() < VocDefinition.UNLIMITED_NODES) {
      text.append(", ").append(definition.rampNodes()).append(" starting at a time");
    }
    if (pool.limits().maxNodes() < VocDefinition.UNLIMITED_NODES) {
      text.append("; pool: ")
          .append(pool.counted())
          .append(" of at most ")
          .append(pool.limits().maxNodes());
    }
    return text.toString();
  }

  private static String atMost(int nodes) {
    return nodes == VocDefinition.UNLIMITED_NODES ? "unlimited" : Integer.toString(nodes);
  }

  private static Plan.Node node(NodeSupply node, VocDefinition definition) {
    Optional<NodeJob> job = node.job();
    return new Plan.Node(
        node.node(),
        definition.shapes().size() > 1 ? node.shape().value() : "",
        node.stage().name().toLowerCase(Locale.ROOT),
        job.map(j -> j.id().toString()).orElse(""),
        job.map(j -> AdTime.of(j.since())),
        node.stage() == NodeSupply.Stage.READY ? node.free().toString() : "");
  }

  private Plan.Group group(PoolDecision.Placement placement) {
    DemandGroup group = placement.group();
    return new Plan.Group(
        group.vo(),
        group.candidates().stream().map(this::nameOf).toList(),
        group.example().toString(),
        new Plan.Shares(
            placement.free(),
            placement.coming(),
            placement.fresh(),
            placement.waiting(),
            placement.why()),
        group.candidates().getFirst().request()
            + (group.untold().isEmpty()
                ? ""
                : ", and a node is to show " + String.join(", ", group.untold())));
  }

  private String nameOf(Candidate candidate) {
    VocDefinition definition = vocs.definition(candidate.voc());
    return definition != null && definition.shapes().size() > 1
        ? candidate.kind().toString()
        : candidate.voc().value();
  }

  private static String inWords(Action action) {
    return switch (action) {
      case Action.Submit(VocShape kind, int nodes, String why) ->
          "submit "
              + Counted.of(nodes, "node")
              + (kind.shape().equals(ShapeName.DEFAULT) ? "" : " of shape " + kind.shape());
      case Action.Remove(List<NodeJob> nodes, String why) -> "remove " + names(nodes) + ": " + why;
      case Action.Drain(List<NodeJob> nodes, String why) ->
          "tell to leave " + names(nodes) + ": " + why;
      case Action.Avoid(List<NodeJob> nodes, Set<String> hosts, String why) ->
          "keep from " + String.join(", ", hosts) + " " + names(nodes) + ": " + why;
    };
  }

  private static String names(List<NodeJob> nodes) {
    return nodes.stream()
        .map(node -> node.node() + " (" + node.id() + ")")
        .collect(Collectors.joining(", "));
  }
}
