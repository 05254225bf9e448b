package org.vocluster.sizing.collector;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Ads;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.NodeSighting;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.os.CommandException;

/** Asks the collector which nodes have joined and what they have left. */
public final class VadSlots {
  private static final List<String> ATTRIBUTES =
      List.of(
          "Voc",
          "VocShape",
          "VocNode",
          "VocDeathTime",
          "PartitionableSlot",
          "State",
          "Activity",
          "Cpus",
          "Memory",
          "Disk",
          "GPUs",
          "TotalSlotCpus",
          "TotalSlotMemory",
          "TotalSlotDisk",
          "TotalSlotGPUs",
          "VocExecTime",
          "VocKernelTime",
          "DaemonStartTime",
          "EnteredCurrentState",
          "LastHeardFrom");

  private VadSlots() {}

  public static SlotReading ask(HtCondor condor, Instant now) {
    try {
      return read(condor.slots("VocDomain =?= \"VAD\"", ATTRIBUTES), now);
    } catch (CommandException e) {
      return new SlotReading.Unknown(String.valueOf(e.getMessage()));
    }
  }

  public static SlotReading read(String longForm, Instant asked) {
    List<NodeSlot> slots = new ArrayList<>();
    Map<String, NodeSighting> sightings = new HashMap<>();
    try {
      for (ClassAd ad : Ads.inLongForm(longForm)) {
        Optional<NodeSlot> slot = slot(ad);
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

  /** Empty for an ad that says of no node that it is its own. */
  private static Optional<NodeSlot> slot(ClassAd ad) {
    String node = ad.string("VocNode").orElse("");
    String voc = ad.string("Voc").orElse("");
    if (node.isEmpty() || voc.isEmpty()) {
      return Optional.empty();
    }
    boolean splits = ad.bool("PartitionableSlot").orElse(false);
    String state = ad.string("State").orElse("");
    boolean claimed = state.equals("Claimed");
    // A claim without a job is about to get one, or free for the next: both take an idle job.
    boolean free = splits || !claimed || ad.string("Activity").orElse("").equals("Idle");
    return Optional.of(
        new NodeSlot(
            node,
            voc,
            ad.string("VocShape").orElse(ShapeName.DEFAULT.value()),
            free ? resources(ad, "") : Resources.NONE,
            claimed && !splits,
            splits ? resources(ad, "TotalSlot") : Resources.NONE,
            ad.integer("VocDeathTime").stream()
                .mapToObj(Instant::ofEpochSecond)
                .findFirst()
                .orElse(Instant.MAX),
            state.equals("Drained") || state.equals("Owner")));
  }

  private static NodeSighting sighting(ClassAd ad, NodeSlot slot) {
    return new NodeSighting(
        ad.integer("VocExecTime").orElse(0),
        ad.integer("VocKernelTime").orElse(0),
        ad.integer("DaemonStartTime").orElse(0),
        ad.integer("LastHeardFrom").orElse(0),
        slot.claimed() ? ad.integer("EnteredCurrentState").orElse(0) : 0);
  }

  private static Resources resources(ClassAd ad, String prefix) {
    return new Resources(
        (int) amount(ad, prefix + "Cpus"),
        amount(ad, prefix + "Memory"),
        amount(ad, prefix + "Disk"),
        (int) amount(ad, prefix + "GPUs"));
  }

  private static long amount(ClassAd ad, String attribute) {
    return Math.max(0, Math.min(Integer.MAX_VALUE, (long) ad.number(attribute).orElse(0)));
  }
}
