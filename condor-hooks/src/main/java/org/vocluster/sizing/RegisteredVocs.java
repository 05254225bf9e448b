package org.vocluster.sizing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.PublishedVoc;
import org.vocluster.sizing.decision.Situations;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.history.Breakers;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
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
  private final Definitions definitions;
  private final EvalContext context;
  private final Map<VocShape, NodePrototype> prototypes = new TreeMap<>();
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
    for (VocDefinition definition : read.valid().values()) {
      definition
          .shapes()
          .forEach(
              shape -> {
                NodePrototype prototype = NodePrototype.expected(definition, shape);
                prototypes.put(prototype.kind(), prototype);
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
      Resources shown = Situations.shown(before, nodeJobs, slots).orElse(before.offers());
      if (!shown.equals(before.offers())) {
        each.setValue(NodePrototype.of(before.definition(), before.shape(), shown));
        learnt.add(new Learnt(each.getKey(), before.offers(), shown));
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
