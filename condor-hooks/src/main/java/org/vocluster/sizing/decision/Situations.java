package org.vocluster.sizing.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.AdTime;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.NodeSupply.Room;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.demand.JobLength;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;

/** Puts together from readings what the decision rests on. Pure. */
public final class Situations {
  /** A node that takes jobs for less than this is no supply: a negotiation may take as long. */
  private static final Duration LEAST_LIFE = Duration.ofSeconds(30);

  /** A submission that was interrupted leaves jobs that wait for their files for ever. */
  private static final Duration SPOOLED_WITHIN = Duration.ofMinutes(3);

  private final Readings readings;
  private final NodeHistory history;
  private final Instant now;
  private final Map<NodeId, List<NodeSlot>> slotsOf;
  private final Map<VocName, List<Readings.Submitted>> submittedOf = new HashMap<>();

  private Situations(Readings readings) {
    this.readings = readings;
    this.history = readings.nodes().history();
    this.now = readings.now();
    this.slotsOf =
        readings.nodes().slots() instanceof SlotReading.Known known ? known.byNode() : Map.of();
  }

  static PoolSituation of(Readings readings) {
    return new Situations(readings).pool();
  }

  private PoolSituation pool() {
    for (Readings.Submitted node : readings.nodes().submitted()) {
      if (!readings.nodes().jobs().has(node.node())) {
        submittedOf.computeIfAbsent(node.kind().voc(), v -> new ArrayList<>()).add(node);
      }
    }
    Map<VocName, List<NodePrototype>> prototypes = new LinkedHashMap<>();
    for (NodePrototype prototype : readings.definitions().prototypes()) {
      prototypes
          .computeIfAbsent(prototype.definition().name(), v -> new ArrayList<>())
          .add(prototype);
    }
    List<VocSituation> vocs = new ArrayList<>();
    prototypes.forEach((voc, shapes) -> vocs.add(voc(voc, shapes)));
    List<NodeSupply> strays = new ArrayList<>();
    Map<VocName, List<NodeJob>> jobsOf = readings.nodes().jobs().byVoc();
    jobsOf.forEach(
        (voc, jobs) -> {
          if (!prototypes.containsKey(voc)
              && !readings.definitions().broken().contains(voc.value())) {
            for (NodeJob job : jobs) {
              NodeSupply stray = supply(job, false, Life.NONE);
              if (stray != null) {
                strays.add(stray);
              }
            }
          }
        });
    return new PoolSituation(
        vocs,
        readings.demand(),
        strays,
        readings.nodes().jobs().doubles(),
        history.breakers().all(),
        readings.limits(),
        now);
  }

  private VocSituation voc(VocName voc, List<NodePrototype> prototypes) {
    VocDefinition definition = prototypes.getFirst().definition();
    Map<ShapeName, Resources> shapes = new LinkedHashMap<>();
    Map<ShapeName, String> digests = new HashMap<>();
    prototypes.stream()
        .sorted(Comparator.comparing(NodePrototype::shape))
        .forEach(
            prototype -> {
              ShapeName shape = prototype.shape().name();
              shapes.put(shape, prototype.offers());
              digests.put(shape, definition.nodeDigest(prototype.shape()).value());
            });
    long lifetime = definition.lifetimeSeconds();
    Duration leastLife = min(LEAST_LIFE, Duration.ofSeconds(lifetime).dividedBy(10));
    List<NodeSupply> nodes = new ArrayList<>();
    boolean anyRuns = false;
    for (NodeJob job : readings.nodes().jobs().byVoc().getOrDefault(voc, List.of())) {
      anyRuns |= job.isRunning();
      boolean current = job.definition().equals(digests.get(job.shape()));
      NodeSupply node =
          supply(
              job,
              current,
              new Life(shapes.getOrDefault(job.shape(), Resources.NONE), lifetime, leastLife));
      if (node != null) {
        nodes.add(node);
      }
    }
    for (Readings.Submitted node : submittedOf.getOrDefault(voc, List.of())) {
      nodes.add(submitted(node, shapes, JobLength.longest(lifetime)));
    }
    return new VocSituation(
        voc,
        new VocSituation.Make(
            definition.image(),
            new HashSet<>(digests.values()),
            shapes,
            JobLength.longest(lifetime),
            definition.vo()),
        bounds(definition),
        nodes,
        !anyRuns || readings.nodes().slots() instanceof SlotReading.Known,
        Optional.ofNullable(readings.hindrances().obstacles().get(voc)),
        Optional.ofNullable(readings.hindrances().standby().get(voc)));
  }

  private static NodeSupply submitted(
      Readings.Submitted node, Map<ShapeName, Resources> shapes, long longestJob) {
    ShapeName shape = node.kind().shape();
    return new NodeSupply(
        node.node(),
        shape,
        Stage.SUBMITTED,
        shapes.containsKey(shape),
        false,
        new Room(shapes.getOrDefault(shape, Resources.NONE), longestJob),
        Optional.empty(),
        Optional.empty());
  }

  private static VocSituation.Bounds bounds(VocDefinition definition) {
    return new VocSituation.Bounds(
        definition.minNodes(),
        definition.maxNodes(),
        definition.spareNodes(),
        definition.rampNodes(),
        Duration.ofSeconds(definition.idleSeconds()),
        Duration.ofSeconds(definition.minimumLifetimeSeconds()),
        definition.nodeIdleSeconds() == definition.idleSeconds());
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /**
   * What a node of a definition offers while it lives.
   *
   * @param offers of an empty one
   * @param seconds its lifetime
   * @param least one that takes jobs for less than this is no supply
   */
  private record Life(Resources offers, long seconds, Duration least) {
    static final Life NONE = new Life(Resources.NONE, 0, Duration.ZERO);

    /** Of an empty node that is so old. */
    Room at(Duration age) {
      return new Room(offers, Math.min(JobLength.longest(seconds), seconds - age.toSeconds()));
    }
  }

  /** Null for a job that is on its way out of the queue. */
  private @Nullable NodeSupply supply(NodeJob job, boolean current, Life life) {
    List<NodeSlot> slots = slotsOf.getOrDefault(job.node(), List.of());
    return switch (job.phase(!slots.isEmpty())) {
      case QUEUED ->
          waiting(
              job, isStuck(job) ? Stage.OVERDUE : Stage.QUEUED, current, life.at(Duration.ZERO));
      case HELD -> waiting(job, Stage.HELD, current, life.at(Duration.ZERO));
      case BOOTING -> notInPool(job, current, life);
      case JOINED -> inPool(job, slots, current, life.least);
      case ENDING ->
          job.status() == JobStatus.REMOVED && history.hasGivenUp(job.node())
              ? waiting(job, Stage.OVERDUE, current, Room.NONE)
              : null;
      case UNKNOWN -> null;
    };
  }

  private boolean isStuck(NodeJob job) {
    return job.isSpooling() && AdTime.of(job.since()).plus(SPOOLED_WITHIN).isBefore(now);
  }

  private static NodeSupply waiting(NodeJob job, Stage stage, boolean current, Room room) {
    return new NodeSupply(
        job.node(), job.shape(), stage, current, false, room, Optional.empty(), Optional.of(job));
  }

  private NodeSupply inPool(
      NodeJob job, List<NodeSlot> slots, boolean current, Duration leastLife) {
    Instant later = now.plus(leastLife);
    boolean takesJobs = true;
    boolean claimed = false;
    Resources free = Resources.NONE;
    long seconds = Long.MAX_VALUE;
    for (NodeSlot slot : slots) {
      takesJobs &= slot.takesJobs(later);
      claimed |= slot.claimed();
      free = free.plus(slot.free());
      if (!slot.takesJobsUntil().equals(Instant.MAX)) {
        seconds = Math.min(seconds, slot.takesJobsUntil().getEpochSecond() - now.getEpochSecond());
      }
    }
    return new NodeSupply(
        job.node(),
        job.shape(),
        takesJobs ? Stage.READY : Stage.LEAVING,
        current,
        claimed,
        new Room(free, seconds),
        claimed ? Optional.empty() : history.idleSince(job.node()),
        Optional.of(job));
  }

  private NodeSupply notInPool(NodeJob job, boolean current, Life life) {
    Room room = life.at(Duration.between(AdTime.of(job.since()), now));
    // While the collector is silent, and for a while after, nodes may be in the pool that it does
    // not know: one that was there counts as free, and one that is late is waited for.
    boolean known =
        readings.nodes().slots() instanceof SlotReading.Known && !history.mayBeUntold(now);
    boolean joined = history.hasJoined(job.node());
    Instant since = joined ? history.vanished(job.node()).orElse(now) : AdTime.of(job.since());
    boolean late = since.plus(readings.limits().bootWithin()).isBefore(now);
    if (joined) {
      Stage gone = late ? Stage.LOST : Stage.LEAVING;
      return waiting(job, known ? gone : Stage.READY, current, room);
    }
    // A node of an older definition whose image never worked is not waited for.
    boolean hopeless = !current && !hasStarted(job.image());
    return waiting(job, known && (late || hopeless) ? Stage.OVERDUE : Stage.BOOTING, current, room);
  }

  private boolean hasStarted(Optional<ImageDigest> image) {
    return image.isPresent() && history.breakers().hasStarted(image.get());
  }

  /** What an empty node of this prototype has shown to offer, if one has joined. */
  public static Optional<Resources> shown(
      NodePrototype prototype, Map<NodeId, NodeJob> jobs, SlotReading.Known slots) {
    return prototype.shown(
        slots.slots(),
        node -> {
          NodeJob job = jobs.get(node);
          return job == null ? null : job.definition();
        });
  }
}
