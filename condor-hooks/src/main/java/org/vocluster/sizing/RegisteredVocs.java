package org.vocluster.sizing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.PublishedVoc;
import org.vocluster.sizing.decision.Situations;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.demand.ShownNode;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.history.Breakers;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.sizing.standing.Standing;
import org.vocluster.sizing.submit.NodeSubmitter;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;

/**
 * The VOCs registered on an access point and what follows from their definitions: prototypes of
 * their nodes, which jobs those would take, which breakers still mean something. {@link Sizer}
 * keeps one up to date pass by pass, {@link DryRun} fills one once. It writes no log and orders
 * nothing: what is worth saying it returns.
 */
final class RegisteredVocs {
  /** Of what nodes have shown, in one VOC's ad. */
  private static final int MOST_CHARACTERS_IN_AD = 128 * 1024;

  private final Definitions definitions;
  private final EvalContext context;
  private final Map<VocShape, NodePrototype> prototypes = new TreeMap<>();
  private final Map<VocShape, ShownNode> shown = new TreeMap<>();
  private @Nullable Map<VocName, Expr> shownInAds;
  private Definitions.Registered registered = new Definitions.Registered(Map.of(), Map.of());
  private Demand demand;

  /**
   * @param directory of the definitions
   * @param context with the clock that {@code time()} reads in the ads
   */
  RegisteredVocs(Path directory, EvalContext context) {
    this.definitions = new Definitions(directory);
    this.context = context;
    this.demand = new Demand(List.of(), Set.of(), context);
  }

  /**
   * Reads the definitions if one of their files has changed. The prototypes are then what is
   * expected before any node was seen, and demand is to be judged anew.
   *
   * @return whether it has read them
   * @throws IOException if the directory cannot be read; what was read before still stands
   */
  boolean read() throws IOException {
    Optional<Definitions.Registered> read = definitions.readIfChanged();
    read.ifPresent(this::register);
    return read.isPresent();
  }

  private void register(Definitions.Registered read) {
    registered = read;
    prototypes.clear();
    shownInAds = null;
    for (VocDefinition definition : read.valid().values()) {
      definition
          .shapes()
          .forEach(
              shape -> {
                VocShape kind = new VocShape(definition.name(), shape.name());
                prototypes.put(kind, NodePrototype.of(definition, shape, known(kind)));
              });
    }
  }

  /** The valid definitions by their VOC's name. */
  Map<VocName, VocDefinition> valid() {
    return registered.valid();
  }

  /** All problems of each definition with faults, by its file's name without suffix. */
  Map<String, List<String>> broken() {
    return registered.broken();
  }

  /** Of every shape of every valid definition. */
  Collection<NodePrototype> prototypes() {
    return Collections.unmodifiableCollection(prototypes.values());
  }

  @Nullable VocDefinition definition(VocName voc) {
    return registered.valid().get(voc);
  }

  /** What nodes in the pool have shown to offer, where that is not what their prototype had. */
  record Learnt(VocShape kind, Resources before, Resources shown) {}

  /** Learns from nodes in the pool; if there is anything, demand is to be judged anew. */
  List<Learnt> learnOffers(Map<NodeId, NodeJob> nodeJobs, SlotReading.Known slots) {
    List<Learnt> learnt = new ArrayList<>();
    for (Map.Entry<VocShape, NodePrototype> each : prototypes.entrySet()) {
      NodePrototype before = each.getValue();
      Resources offers = Situations.shown(before, nodeJobs, slots).orElse(before.offers());
      if (!offers.equals(before.offers())) {
        each.setValue(before.offering(offers, known(each.getKey())));
        learnt.add(new Learnt(each.getKey(), before.offers(), offers));
      }
    }
    return learnt;
  }

  // --- what nodes have shown beside that

  /** Takes over what nodes have shown to an earlier process; before the definitions are read. */
  void recallShown(Collection<ShownNode> nodes) {
    nodes.forEach(node -> shown.put(node.kind(), node));
  }

  private Optional<ShownNode> known(VocShape kind) {
    ShownNode node = shown.get(kind);
    return node == null ? Optional.empty() : Optional.of(node);
  }

  /** What is known of nodes, of each kind that is registered. */
  List<ShownNode> shown() {
    return prototypes.values().stream()
        .flatMap(prototype -> known(prototype.kind()).stream())
        .toList();
  }

  /** The same for the VOCs' ads, which have room for so much. */
  Map<VocName, Expr> shownInAds() {
    if (shownInAds == null) {
      Map<VocName, List<ShownNode>> byVoc = new TreeMap<>();
      Map<VocName, Integer> characters = new HashMap<>();
      for (ShownNode node : shown()) {
        VocName voc = node.kind().voc();
        int sum = characters.merge(voc, node.ad().toString().length(), Integer::sum);
        if (sum <= MOST_CHARACTERS_IN_AD) {
          byVoc.computeIfAbsent(voc, v -> new ArrayList<>()).add(node);
        }
      }
      Map<VocName, Expr> fresh = new HashMap<>();
      byVoc.forEach((voc, nodes) -> fresh.put(voc, ShownNode.write(nodes)));
      shownInAds = fresh;
    }
    return shownInAds;
  }

  /** Whether a node in the pool could show what nobody knows yet. */
  boolean isAnyUnshown(Map<NodeId, NodeJob> nodeJobs, SlotReading.Known slots) {
    for (NodePrototype prototype : prototypes.values()) {
      if (!(prototype.knowledge() instanceof NodePrototype.Knowledge.Shown)) {
        Predicate<NodeId> isOfThat = isOf(prototype, nodeJobs);
        if (slots.byNode().keySet().stream().anyMatch(isOfThat)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Of each kind a node in the pool whose ad is worth a look, if there is any. */
  List<NodeId> toLookAt(Map<NodeId, NodeJob> nodeJobs, SlotReading.Known slots) {
    List<NodeId> nodes = new ArrayList<>();
    for (NodePrototype prototype : prototypes.values()) {
      Predicate<NodeId> isOfThat = isOf(prototype, nodeJobs);
      Optional<NodeId> same =
          known(prototype.kind())
              .map(ShownNode::node)
              .filter(slots.byNode()::containsKey)
              .filter(isOfThat);
      same.or(
              () ->
                  slots.byNode().keySet().stream().filter(isOfThat).min(Comparator.naturalOrder()))
          .ifPresent(nodes::add);
    }
    return nodes;
  }

  /** Whether a node is made of what the definition says now of the prototype's nodes. */
  private static Predicate<NodeId> isOf(NodePrototype prototype, Map<NodeId, NodeJob> nodeJobs) {
    String digest = prototype.definition().nodeDigest(prototype.shape()).value();
    return node -> {
      NodeJob job = nodeJobs.get(node);
      return job != null && job.kind().equals(prototype.kind()) && job.definition().equals(digest);
    };
  }

  /**
   * Learns what nodes of their kind have from whole ads of slots.
   *
   * @return the kinds of which something is new; then demand is to be judged anew
   */
  List<ShownNode> learnShown(List<ClassAd> slots, Map<NodeId, NodeJob> nodeJobs) {
    List<ShownNode> learnt = new ArrayList<>();
    for (ClassAd slot : slots) {
      NodeJob job = NodeSlot.of(slot).map(each -> nodeJobs.get(each.node())).orElse(null);
      NodePrototype prototype = job == null ? null : prototypes.get(job.kind());
      // The collector holds an ad's VO to who sent it: no VO's node speaks for another's.
      if (job == null
          || prototype == null
          || !Ads.text(slot, Attr.VO).equals(job.vo().value())
          || !isOf(prototype, nodeJobs).test(job.node())) {
        continue;
      }
      Optional<ShownNode> before =
          known(prototype.kind())
              .filter(node -> node.isOf(prototype.definition(), prototype.shape()));
      Optional<ShownNode> now = ShownNode.of(slot, prototype, before);
      if (now.isPresent() && !now.equals(before)) {
        shown.put(prototype.kind(), now.get());
        prototypes.put(prototype.kind(), prototype.offering(now.get().offers(), now));
        shownInAds = null;
        learnt.add(now.get());
      }
    }
    return learnt;
  }

  // --- demand

  /**
   * Which attributes of jobs matter to the prototypes and to slots outside the VOCs: jobs that
   * agree in these are alike.
   */
  Significance significance(List<ClassAd> outside) {
    return Demand.significance(List.copyOf(prototypes.values()), outside);
  }

  /**
   * Has demand judged from now on by the definitions and prototypes as they are.
   *
   * @param outside ads of slots that take VOs' jobs and belong to no node
   */
  void judgeAnew(List<ClassAd> outside) {
    demand =
        new Demand(
            List.copyOf(prototypes.values()), registered.broken().keySet(), outside, context);
  }

  Demand.Assigned assign(List<JobGroup> idle, Instant now) {
    return demand.assign(idle, now);
  }

  // --- what holds back

  /** Why nodes cannot or must not be submitted at all, by VOC. */
  Map<VocName, String> obstacles(NodeSubmitter submitter, Standing standing) {
    Map<VocName, String> obstacles = new HashMap<>();
    for (VocDefinition definition : registered.valid().values()) {
      standing.obstacle().ifPresent(why -> obstacles.put(definition.name(), why));
      submitter
          .obstacle(definition.vo())
          .ifPresent(why -> obstacles.putIfAbsent(definition.name(), why));
    }
    return obstacles;
  }

  /** Takes over what a sizer of this access point has published before it was started again. */
  void recallBreakers(Breakers breakers, Collection<PublishedVoc> published, String accessPoint) {
    for (PublishedVoc voc : published) {
      if (voc.accessPoint().equals(accessPoint)) {
        breakers.recall(voc.breakers());
      }
    }
    forgetBreakers(breakers);
  }

  /** What is not registered any more cannot fail: a mended definition starts without a breaker. */
  void forgetBreakers(Breakers breakers) {
    Map<VocName, Set<String>> digests = new HashMap<>();
    Set<ImageDigest> images = new HashSet<>();
    for (VocDefinition definition : registered.valid().values()) {
      images.add(definition.image());
      digests.put(
          definition.name(),
          definition.shapes().stream()
              .map(shape -> definition.nodeDigest(shape).value())
              .collect(Collectors.toSet()));
    }
    breakers.keepOnly(digests, images);
  }
}
