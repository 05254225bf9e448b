package org.vocluster.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.VocDefinition;

/**
 * All that an explanation rests on.
 *
 * @param accessPoint name of the host whose queue was asked
 * @param usersMap path of the map from users to VOs, for remedies
 * @param prototypes the slots that nodes of the job's VO would offer, smallest first
 * @param broken all problems of each definition with faults, by its name; of any VO
 * @param vocAds the VOC ads of the pool
 * @param nodeJobs the node jobs of the job's VO
 * @param nodes of each node of the job's VO that is in the pool a slot that is not part of another,
 *     in brief
 * @param room the slots that nodes of the VO have free, and other free slots for that VO
 * @param padSlots slots of PAD hosts that are not part of another slot
 * @param daemons the ads of schedd and negotiator
 */
record Facts(
    Instant now,
    String accessPoint,
    String usersMap,
    JobReading job,
    Reading<List<NodePrototype>> prototypes,
    Map<String, List<String>> broken,
    Reading<List<ClassAd>> vocAds,
    Reading<List<ClassAd>> nodeJobs,
    Reading<List<ClassAd>> nodes,
    Reading<List<ClassAd>> room,
    Reading<List<ClassAd>> padSlots,
    Reading<List<ClassAd>> daemons) {
  /**
   * The prototypes of these definitions, smallest first, as the sizer makes them: what a node that
   * has joined shows of itself counts more than what is expected.
   *
   * @param nodeJobs ads of the node jobs in the queue
   * @param nodeSlots ads of the nodes' slots
   */
  static List<NodePrototype> prototypes(
      Iterable<VocDefinition> definitions, List<ClassAd> nodeJobs, List<ClassAd> nodeSlots) {
    Map<String, String> madeOf = new HashMap<>();
    for (ClassAd job : nodeJobs) {
      madeOf.putIfAbsent(Ads.text(job, Attr.NODE), Ads.text(job, Attr.DEFINITION));
    }
    List<NodeSlot> slots = nodeSlots.stream().flatMap(ad -> NodeSlot.of(ad).stream()).toList();
    List<NodePrototype> result = new ArrayList<>();
    for (VocDefinition definition : definitions) {
      for (MachineShape shape : definition.shapes()) {
        NodePrototype expected = NodePrototype.expected(definition, shape);
        result.add(
            expected
                .shown(slots, madeOf::get)
                .map(offers -> NodePrototype.of(definition, shape, offers))
                .orElse(expected));
      }
    }
    result.sort(NodePrototype.SMALLEST_FIRST);
    return result;
  }
}
