package org.vocluster.sizing.standing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;

/** What PAD hosts lack, the hosts with the same fault together. Pure. */
public final class HostSide {
  private static final int HOSTS_SHOWN = 5;

  private HostSide() {}

  /**
   * What is missing.
   *
   * @param slots of PAD hosts, as {@link PadStanding#slots} finds them
   */
  public static List<Missing> judge(List<ClassAd> slots) {
    Map<PadStanding.Fault, Set<String>> hosts = new EnumMap<>(PadStanding.Fault.class);
    for (ClassAd slot : slots) {
      String host = slot.string(CondorAttr.MACHINE).orElse("?");
      for (PadStanding.Fault fault : PadStanding.faults(slot, EvalContext.DEFAULT)) {
        if (fault == PadStanding.Fault.OPEN_START || !PadStanding.isYoung(slot)) {
          hosts.computeIfAbsent(fault, f -> new TreeSet<>()).add(host);
        }
      }
    }
    List<Missing> missing = new ArrayList<>();
    hosts.forEach((fault, names) -> missing.add(missing(fault, new ArrayList<>(names))));
    return missing;
  }

  private static Missing missing(PadStanding.Fault fault, List<String> hosts) {
    List<String> shown = hosts.subList(0, Math.min(hosts.size(), HOSTS_SHOWN));
    return new Missing(
        fault.knob(),
        (hosts.size() == 1 ? "PAD host " : hosts.size() + " PAD hosts ")
            + String.join(", ", shown)
            + (shown.size() < hosts.size() ? ", …" : ""),
        "lacks " + fault.member() + ", or it fails there",
        "",
        means(fault),
        "look which file says it with "
            + fault.look(hosts.getFirst())
            + ", let that add to it instead of assigning it, then condor_reconfig there",
        false);
  }

  private static String means(PadStanding.Fault fault) {
    return switch (fault) {
      case NO_ADVERTISING -> "no node runs there, for nothing is known of images";
      case NO_NODE_STATES -> "preemption cannot tell idle nodes there from busy ones";
      case OPEN_START -> "any user's node job, and a VO's job outside its nodes, may start there";
    };
  }
}
