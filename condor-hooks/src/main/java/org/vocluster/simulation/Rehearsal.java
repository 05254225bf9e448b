package org.vocluster.simulation;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeJobs;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.node.NodeContext;

/**
 * The sizer without its edges: the same demand, history and {@link SizingPass} over readings that
 * the caller makes up. What is decided is returned and not done.
 */
public final class Rehearsal {
  /**
   * Nodes alike.
   *
   * @param offers what an empty one has for jobs
   * @param request what its node job takes from a host
   * @param idleSeconds how long its own startd waits for a claim before it leaves
   * @param longestIdleSeconds after which it is not wanted any more if there is no demand
   * @param updateSeconds how often its startd looks at that
   * @param digest of what it is made of
   * @param image SHA-256 of its image
   */
  public record NodeType(
      String voc,
      String vo,
      String shape,
      Resources offers,
      Resources request,
      String accountingGroup,
      int idleSeconds,
      int longestIdleSeconds,
      int updateSeconds,
      int lifetimeSeconds,
      String digest,
      String image) {}

  /**
   * A type of node that takes a job.
   *
   * @param request what the job takes from it
   */
  public record Place(String voc, String shape, Resources request) {}

  /**
   * Where jobs alike may run.
   *
   * @param places preferred first
   * @param why there are none; empty if there are
   */
  public record Places(List<Place> places, String why) {
    /** Copies the list. */
    public Places {
      places = List.copyOf(places);
    }
  }

  /** Something that the sizer would do now. */
  public sealed interface Order {
    /**
     * Submit that many node jobs.
     *
     * @param avoidedHosts hosts that they must not run on
     */
    record Submit(String voc, String shape, int nodes, Set<String> avoidedHosts) implements Order {
      /** Copies the set. */
      public Submit {
        avoidedHosts = Set.copyOf(avoidedHosts);
      }
    }

    /** Remove this one, unless it has joined the pool meanwhile. */
    record Remove(NodeJob node) implements Order {}

    /** Tell this one to take no more jobs, and remove it if it has none. */
    record Drain(NodeJob node) implements Order {}

    /** Let this queued one run on any host but these. */
    record Avoid(NodeJob node, Set<String> hosts) implements Order {
      /** Copies the set. */
      public Avoid {
        hosts = Set.copyOf(hosts);
      }
    }
  }

  /** {@code VOC_SIZE_INTERVAL} as the package sets it. */
  private static final Duration STANDARD_INTERVAL = Duration.ofSeconds(10);

  private final Map<String, VocDefinition> definitions = new HashMap<>();
  private final Map<String, NodePrototype> prototypes = new LinkedHashMap<>();
  private final List<NodeType> types = new ArrayList<>();
  private final SizingLimits limits;
  private final Demand demand;
  private final NodeHistory history = new NodeHistory();
  private List<NodeJob> nodeJobs = List.of();
  private Map<String, NodeJob> byNode = Map.of();
  private List<NodeSlot> slots = List.of();
  private List<JobGroup> idle = List.of();
  private Demand.Assigned assigned = new Demand.Assigned(List.of(), List.of());

  public Rehearsal(List<VocDefinition> definitions, SizingLimits limits) {
    this.limits = limits;
    for (VocDefinition definition : definitions) {
      this.definitions.put(definition.name().value(), definition);
      for (MachineShape shape : definition.shapes()) {
        NodePrototype prototype = NodePrototype.expected(definition, shape);
        prototypes.put(prototype.key(), prototype);
        types.add(type(prototype));
      }
    }
    this.demand = new Demand(List.copyOf(prototypes.values()), Set.of(), EvalContext.DEFAULT);
  }

  private static NodeType type(NodePrototype prototype) {
    VocDefinition definition = prototype.definition();
    return new NodeType(
        definition.name().value(),
        definition.vo().value(),
        prototype.shape().name().value(),
        prototype.offers(),
        NodePrototype.hostRequest(prototype.shape()),
        definition.accountingGroup(),
        definition.nodeIdleSeconds(),
        definition.idleSeconds(),
        NodeContext.UPDATE_SECONDS,
        definition.lifetimeSeconds(),
        definition.nodeDigest(prototype.shape()).value(),
        definition.image().value());
  }

  /** All types of node, of a definition the smallest first. */
  public List<NodeType> types() {
    return List.copyOf(types);
  }

  /** How long HTCondor lets a node job run at most, jobs of its node or not. */
  public static long longestRunSeconds(NodeType type) {
    return type.lifetimeSeconds() + Paces.LEAVING_SECONDS;
  }

  /** How long HTCondor lets a node job wait for a host. */
  public static long longestQueuedSeconds() {
    return Paces.LONGEST_QUEUED_SECONDS;
  }

  /** The types of node that take such a job. */
  public Places places(ImmutableMap<String, String> attributes, JobId example) {
    Demand.Assigned one = demand.assign(List.of(new JobGroup(attributes, 1, example)));
    List<Place> places = new ArrayList<>();
    for (DemandGroup group : one.groups()) {
      for (Candidate candidate : group.candidates()) {
        places.add(new Place(candidate.voc(), candidate.shape(), candidate.request()));
      }
    }
    return new Places(places, places.isEmpty() ? one.unserved().getFirst().why() : "");
  }

  /** Takes note of the idle payload jobs. */
  public void idleJobs(List<JobGroup> groups) {
    idle = List.copyOf(groups);
    assigned = demand.assign(idle);
  }

  /** Takes note of the node jobs in the queue. */
  public void nodeJobs(List<NodeJob> inQueue, Instant now) {
    nodeJobs = List.copyOf(inQueue);
    Map<String, NodeJob> jobs = new HashMap<>();
    nodeJobs.forEach(job -> jobs.put(job.node(), job));
    byNode = jobs;
    history.saw(nodeJobs, now);
  }

  /** Takes note of a node job that left the queue. */
  public void ended(NodeJob node, Instant now) {
    history.ended(node, new Expected(), now);
  }

  /** What the definitions expect of their nodes. */
  private final class Expected implements NodeHistory.Expectations {
    @Override
    public boolean wants(String voc) {
      return assigned.wants(voc);
    }

    @Override
    public Duration idle(String voc) {
      VocDefinition definition = definitions.get(voc);
      return definition == null ? Duration.ZERO : Duration.ofSeconds(definition.nodeIdleSeconds());
    }
  }

  /**
   * Takes note of an answer of the collector.
   *
   * @return whether a node joined that was not there before
   */
  public boolean slots(List<NodeSlot> answer, Instant now) {
    slots = List.copyOf(answer);
    return !history.sawSlots(slots, byNode, now).isEmpty();
  }

  /** Takes note that a node job is about to be removed. */
  public void removing(NodeJob node) {
    if (node.isRunning()) {
      history.gaveUp(node);
    } else {
      history.told(node);
    }
  }

  /** Takes note that a node was told to leave and has no job. */
  public void drained(NodeJob node) {
    history.told(node);
  }

  /**
   * What the sizer would do.
   *
   * @param submitted nodes that are not in the queue yet, with their type
   */
  public List<Order> decide(Map<String, NodeType> submitted, Instant now) {
    Collection<Readings.Submitted> coming = new ArrayList<>();
    submitted.forEach(
        (node, type) -> coming.add(new Readings.Submitted(node, type.voc(), type.shape(), now)));
    SizingPass pass =
        SizingPass.of(
            new Readings(
                prototypes.values(),
                Set.of(),
                assigned.groups(),
                NodeJobs.of(nodeJobs),
                "",
                new SlotReading.Known(now, slots),
                coming,
                history,
                Map.of(),
                Map.of(),
                limits,
                now));
    List<Order> orders = new ArrayList<>();
    for (Action action : pass.decision().actions()) {
      switch (action) {
        case Action.Submit submit ->
            orders.add(
                new Order.Submit(
                    submit.voc(), submit.shape(), submit.nodes(), pass.decision().avoidedHosts()));
        case Action.Remove remove ->
            remove.nodes().forEach(node -> orders.add(new Order.Remove(node)));
        case Action.Drain drain -> drain.nodes().forEach(node -> orders.add(new Order.Drain(node)));
        case Action.Avoid avoid ->
            avoid.nodes().forEach(node -> orders.add(new Order.Avoid(node, avoid.hosts())));
      }
    }
    return orders;
  }

  /** How often the sizer asks the collector; sooner while jobs wait or nodes boot. */
  public static Duration slotsPace(boolean soon) {
    return soon ? Paces.SLOTS_SOON : STANDARD_INTERVAL;
  }

  /** So long what was ordered about a node job is not ordered again. */
  public static Duration orderedAgainAfter() {
    return Paces.ORDERED_AGAIN;
  }

  /** A node job as the queue shows it. */
  public static NodeJob nodeJob(
      NodeType type,
      JobId id,
      String name,
      JobStatus status,
      Instant since,
      String host,
      String avoids) {
    return new NodeJob(
        id,
        "",
        type.voc(),
        type.vo(),
        type.shape(),
        name,
        NodeJob.ownerOf(type.vo()),
        type.digest(),
        type.image(),
        avoids,
        status,
        since.getEpochSecond(),
        new NodeJob.Run(host, host.isEmpty() ? 0 : 1, 0, "", ""),
        "",
        0);
  }

  /** A node's partitionable slot as the collector shows it. */
  public static NodeSlot partitionable(
      NodeType type, String node, Resources free, Instant deathTime, boolean draining) {
    return new NodeSlot(
        node, type.voc(), type.shape(), free, false, type.offers(), deathTime, draining);
  }

  /**
   * A dynamic slot.
   *
   * @param free what it offers while its claim has no job that runs
   */
  public static NodeSlot dynamic(
      NodeType type, String node, Resources free, Instant deathTime, boolean draining) {
    return new NodeSlot(
        node, type.voc(), type.shape(), free, true, Resources.NONE, deathTime, draining);
  }
}
