package org.vocluster.sizing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.vm.VocDefinition;

/**
 * The slot that sizing matches jobs against, for those who explain its decisions.
 *
 * @param shape name of the machine shape, empty if the definition has one only
 * @param offers what the slot has for jobs
 * @param slot the ad
 */
public record PrototypeSlot(
    VocDefinition definition, String shape, Resources offers, ClassAd slot) {

  /**
   * The prototypes of these definitions, smallest first, as the sizer makes them: what a node that
   * has joined shows of itself counts more than what is expected.
   *
   * @param nodeJobs ads of the node jobs in the queue
   * @param nodeSlots ads of the nodes' slots
   */
  public static List<PrototypeSlot> of(
      Iterable<VocDefinition> definitions, List<ClassAd> nodeJobs, List<ClassAd> nodeSlots) {
    List<PrototypeSlot> result = new ArrayList<>();
    for (VocDefinition definition : definitions) {
      NodePrototype prototype = NodePrototype.expected(definition);
      result.add(new PrototypeSlot(definition, "", prototype.offers(), prototype.slot()));
    }
    result.sort(
        Comparator.comparingInt((PrototypeSlot p) -> p.offers().cpus())
            .thenComparingLong(p -> p.offers().memoryMb())
            .thenComparingLong(p -> p.offers().diskKb())
            .thenComparing(p -> p.definition().name().value()));
    return result;
  }

  /** What a node would give to this job, as it is carved from the slot. */
  public Resources request(ClassAd job, EvalContext context) {
    return Demand.request(job, slot, context).asCarvedFromSlot();
  }
}
