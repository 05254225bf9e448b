package org.vocluster.sizing.demand;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.Resources;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.VocDefinition;

/**
 * The slot that sizing matches jobs against, for those who explain its decisions.
 *
 * @param shape of which of the definition's machines
 * @param offers what the slot has for jobs
 * @param slot the ad
 */
public record PrototypeSlot(
    VocDefinition definition, MachineShape shape, Resources offers, ClassAd slot) {

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
      for (MachineShape shape : definition.shapes()) {
        NodePrototype prototype =
            shown(definition, shape, nodeJobs, nodeSlots)
                .map(offers -> NodePrototype.of(definition, shape, offers))
                .orElseGet(() -> NodePrototype.expected(definition, shape));
        result.add(new PrototypeSlot(definition, shape, prototype.offers(), prototype.slot()));
      }
    }
    result.sort(
        Comparator.comparing(PrototypeSlot::shape)
            .thenComparing(p -> p.definition().name().value()));
    return result;
  }

  /** What a job takes of such a slot, as it is carved from it. */
  public Resources request(ClassAd job, EvalContext context) {
    return requested(job, slot, context).asCarvedFromSlot();
  }

  /** What a job asks of a slot. */
  public static Resources requested(ClassAd job, ClassAd slot, EvalContext context) {
    return Demand.request(job, slot, context);
  }

  /**
   * What a slot has.
   *
   * @param prefix {@code TotalSlot} for all that belongs to it, nothing for what is left
   */
  public static Resources offered(ClassAd slot, String prefix) {
    return new Resources(
        (int) amount(slot, prefix + CondorAttr.CPUS),
        amount(slot, prefix + CondorAttr.MEMORY),
        amount(slot, prefix + CondorAttr.DISK),
        (int) amount(slot, prefix + CondorAttr.GPUS));
  }

  private static long amount(ClassAd slot, String attribute) {
    return (long) Math.clamp(slot.number(attribute).orElse(0), 0, Integer.MAX_VALUE);
  }

  private static Optional<Resources> shown(
      VocDefinition definition,
      MachineShape shape,
      List<ClassAd> nodeJobs,
      List<ClassAd> nodeSlots) {
    String digest = definition.nodeDigest(shape).value();
    Set<String> current = new HashSet<>();
    for (ClassAd job : nodeJobs) {
      if (Ads.text(job, Attr.DEFINITION).equals(digest)) {
        job.string(Attr.NODE).ifPresent(current::add);
      }
    }
    return nodeSlots.stream()
        .filter(slot -> current.contains(Ads.text(slot, Attr.NODE)))
        .filter(slot -> slot.bool(CondorAttr.PARTITIONABLE_SLOT).orElse(false))
        .map(slot -> offered(slot, "TotalSlot"))
        .findFirst();
  }
}
