package org.vocluster.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.demand.ShownNode;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;

/**
 * The pool as a VO sees it, read once for a question: with each job's own {@link JobReading} all
 * that its explanation rests on. {@link PoolQuestion} reads it, {@link Explainer} concludes.
 *
 * @param accessPoint name of the host whose queue was asked
 * @param usersMap path of the map from users to VOs, for remedies
 * @param prototypes the slots that nodes of the VO would offer and nodes of others, smallest first
 * @param broken all problems of each definition with faults, by its name; of any VO
 */
record PoolFacts(
    Instant now,
    String accessPoint,
    String usersMap,
    Reading<List<NodePrototype>> prototypes,
    Map<String, List<String>> broken,
    Sizing sizing,
    Nodes nodes) {

  /**
   * What sizing says.
   *
   * @param vocs the VOC ads of the pool
   * @param daemons the schedd's ad
   */
  record Sizing(Reading<List<ClassAd>> vocs, Reading<List<ClassAd>> daemons) {}

  /**
   * What there is of nodes and room.
   *
   * @param jobs the node jobs of the VO
   * @param slots of each node of the VO that is in the pool a slot that is not part of another, in
   *     brief
   * @param room the slots that nodes of the VO have free, and other free slots for that VO
   * @param padSlots slots of PAD hosts that are not part of another slot
   */
  record Nodes(
      Reading<List<ClassAd>> jobs,
      Reading<List<ClassAd>> slots,
      Reading<List<ClassAd>> room,
      Reading<List<ClassAd>> padSlots) {}

  /** For a job whose explanation rests on nothing but itself. */
  static PoolFacts unasked(Instant now, String accessPoint, String usersMap) {
    Reading<List<ClassAd>> none = new Reading.Known<>(List.of());
    return new PoolFacts(
        now,
        accessPoint,
        usersMap,
        new Reading.Known<>(List.of()),
        Map.of(),
        new Sizing(none, none),
        new Nodes(none, none, none, none));
  }

  /**
   * The prototypes of these definitions, smallest first, as the sizer makes them: what a node that
   * has joined shows of itself counts more than what is expected.
   *
   * @param nodeJobs ads of the node jobs in the queue
   * @param nodeSlots ads of the nodes' slots
   * @param vocs VOC ads, in which a sizer says what nodes have shown
   */
  static List<NodePrototype> prototypes(
      Iterable<VocDefinition> definitions,
      List<ClassAd> nodeJobs,
      List<ClassAd> nodeSlots,
      List<ClassAd> vocs) {
    Map<NodeId, String> madeOf = new HashMap<>();
    for (ClassAd job : nodeJobs) {
      String node = Ads.text(job, Attr.NODE);
      if (NodeId.isValid(node)) {
        madeOf.putIfAbsent(new NodeId(node), Ads.text(job, Attr.DEFINITION));
      }
    }
    List<NodeSlot> slots = nodeSlots.stream().flatMap(ad -> NodeSlot.of(ad).stream()).toList();
    List<ShownNode> shown =
        vocs.stream().flatMap(ad -> ShownNode.read(ad.evaluate(Attr.SHOWN)).stream()).toList();
    List<NodePrototype> result = new ArrayList<>();
    for (VocDefinition definition : definitions) {
      for (MachineShape shape : definition.shapes()) {
        Optional<ShownNode> its =
            shown.stream().filter(node -> node.isOf(definition, shape)).findFirst();
        NodePrototype known = NodePrototype.of(definition, shape, its);
        result.add(
            known
                .shown(slots, madeOf::get)
                .map(offers -> known.offering(offers, its))
                .orElse(known));
      }
    }
    result.sort(NodePrototype.SMALLEST_FIRST);
    return result;
  }
}
