package org.vocluster.sizing;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.classad.EvalContext;
import org.vocluster.vm.MachineShape;
import org.vocluster.vm.NodeContext;
import org.vocluster.vm.VocDefinition;

/**
 * The sizer without its edges: the same demand, situations, history and decision, over readings
 * that the caller makes up. What is decided is returned and not done.
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
    /** Submit that many node jobs. */
    record Submit(String voc, String shape, int nodes) implements Order {}

    /** Remove these. */
    record Remove(List<NodeJob> nodes) implements Order {
      /** Copies the list. */
      public Remove {
        nodes = List.copyOf(nodes);
      }
    }
  }

  private final Map<String, NodePrototype> prototypes = new LinkedHashMap<>();
  private final List<NodeType> types = new ArrayList<>();
  private final SizingLimits limits;
  private final Demand demand;
  private final NodeHistory history = new NodeHistory();
  private List<NodeJob> nodeJobs = List.of();
  private List<NodeSlot> slots = List.of();
  private Demand.Assigned assigned = new Demand.Assigned(List.of(), List.of());

  public Rehearsal(List<VocDefinition> definitions) {
    this.limits = SizingLimits.DEFAULT;
    for (VocDefinition definition : definitions) {
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
        NodeSubmission.request(prototype.shape()),
        definition.accountingGroup(),
        definition.nodeIdleSeconds(),
        definition.idleSeconds(),
        NodeContext.updateSeconds(definition.nodeIdleSeconds()),
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
    return type.lifetimeSeconds() + NodeSubmission.LEAVING_SECONDS;
  }

  /** How long HTCondor lets a node job wait for a host. */
  public static long longestQueuedSeconds() {
    return NodeSubmission.LONGEST_QUEUED_SECONDS;
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

  /** Takes note of the node jobs in the queue. */
  public void nodeJobs(List<NodeJob> inQueue) {
    nodeJobs = List.copyOf(inQueue);
    history.saw(nodeJobs);
  }

  /** Takes note of a node job that left the queue. */
  public void ended(NodeJob node, Instant now) {
    history.ended(node, assigned.wants(node.voc()), now);
  }

  /**
   * Takes note of an answer of the collector.
   *
   * @return whether a node joined that was not there before
   */
  public boolean slots(List<NodeSlot> answer) {
    slots = List.copyOf(answer);
    return history.sawSlots(slots);
  }

  /**
   * What the sizer would do.
   *
   * @param idle the idle payload jobs
   * @param submitted names of nodes that are not in the queue yet, by definition
   */
  public List<Order> decide(List<JobGroup> idle, Map<String, Set<String>> submitted, Instant now) {
    assigned = demand.assign(idle);
    Situations situations =
        new Situations(
            nodeJobs, new SlotReading.Known(now, slots), submitted, history, limits, now);
    List<Order> orders = new ArrayList<>();
    for (NodePrototype prototype : prototypes.values()) {
      String voc = prototype.definition().name().value();
      VocSituation situation =
          situations.of(
              prototype,
              assigned.groups().stream()
                  .filter(group -> group.candidates().getFirst().voc().equals(voc))
                  .toList(),
              history.setback(voc),
              Optional.empty());
      Decision decision = Sizing.decide(situation, limits, now);
      situation.overdue().forEach(history::gaveUp);
      for (Action action : decision.actions()) {
        orders.add(
            switch (action) {
              case Action.Submit(int nodes) ->
                  new Order.Submit(voc, prototype.shape().name().value(), nodes);
              case Action.Remove(List<NodeJob> nodes) -> new Order.Remove(nodes);
            });
      }
    }
    return orders;
  }

  /** How often the sizer asks the collector; sooner while jobs wait or nodes boot. */
  public static Duration slotsPace(boolean soon) {
    return soon ? Duration.ofSeconds(2) : Duration.ofSeconds(10);
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
