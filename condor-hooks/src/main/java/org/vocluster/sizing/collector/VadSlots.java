package org.vocluster.sizing.collector;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.reading.NodeSighting;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.os.CommandException;

/** Asks the collector which nodes have joined and what they have left. */
public final class VadSlots {
  private static final List<String> ATTRIBUTES =
      List.of(
          Attr.VOC,
          Attr.SHAPE,
          Attr.NODE,
          Attr.DEATH_TIME,
          CondorAttr.PARTITIONABLE_SLOT,
          CondorAttr.STATE,
          CondorAttr.ACTIVITY,
          CondorAttr.CPUS,
          CondorAttr.MEMORY,
          CondorAttr.DISK,
          CondorAttr.GPUS,
          CondorAttr.TOTAL_SLOT_CPUS,
          CondorAttr.TOTAL_SLOT_MEMORY,
          CondorAttr.TOTAL_SLOT_DISK,
          CondorAttr.TOTAL_SLOT_GPUS,
          Attr.EXEC_TIME,
          Attr.KERNEL_TIME,
          CondorAttr.DAEMON_START_TIME,
          CondorAttr.ENTERED_CURRENT_STATE,
          CondorAttr.LAST_HEARD_FROM);

  private VadSlots() {}

  public static SlotReading ask(HtCondor condor, Instant now) {
    try {
      return read(condor.slots(Constraints.vads(), ATTRIBUTES), now);
    } catch (CommandException e) {
      return new SlotReading.Unknown(String.valueOf(e.getMessage()));
    }
  }

  public static SlotReading read(String longForm, Instant asked) {
    List<NodeSlot> slots = new ArrayList<>();
    Map<NodeId, NodeSighting> sightings = new HashMap<>();
    try {
      for (ClassAd ad : Ads.inLongForm(longForm)) {
        Optional<NodeSlot> slot = NodeSlot.of(ad);
        if (slot.isPresent()) {
          slots.add(slot.get());
          sightings.merge(slot.get().node(), sighting(ad, slot.get()), NodeSighting::and);
        }
      }
    } catch (ClassAdSyntaxException e) {
      return new SlotReading.Unknown("condor_status printed what is no ad: " + e.getMessage());
    }
    return new SlotReading.Known(asked, slots, sightings);
  }

  private static NodeSighting sighting(ClassAd ad, NodeSlot slot) {
    return new NodeSighting(
        ad.integer(Attr.EXEC_TIME).orElse(0),
        ad.integer(Attr.KERNEL_TIME).orElse(0),
        ad.integer(CondorAttr.DAEMON_START_TIME).orElse(0),
        ad.integer(CondorAttr.LAST_HEARD_FROM).orElse(0),
        slot.claimed() ? ad.integer(CondorAttr.ENTERED_CURRENT_STATE).orElse(0) : 0);
  }
}
