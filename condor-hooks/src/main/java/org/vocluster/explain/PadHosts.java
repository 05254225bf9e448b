package org.vocluster.explain;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Match;
import org.vocluster.classad.Value;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.standing.PadStanding;

/**
 * What keeps each PAD host from running a node job, for {@link NodeReasons}. Of several obstacles
 * it names the most lasting: which to mend first. Pure.
 */
final class PadHosts {
  private PadHosts() {}

  /** The verdict of each host, by its name; of a host with several slots the most hopeful one. */
  static Map<String, PadVerdict> judge(ClassAd nodeJob, List<ClassAd> slots, EvalContext context) {
    Map<String, PadVerdict> result = new TreeMap<>();
    for (ClassAd slot : slots) {
      result.merge(
          slot.string(CondorAttr.MACHINE).orElse("?"),
          verdict(nodeJob, slot, context),
          (one, other) ->
              Comparator.comparingInt(PadHosts::hope).compare(one, other) >= 0 ? one : other);
    }
    return result;
  }

  private static PadVerdict verdict(ClassAd job, ClassAd slot, EvalContext context) {
    Set<PadStanding.Fault> faults = PadStanding.faults(slot, context);
    if (faults.contains(PadStanding.Fault.NO_ADVERTISING)) {
      return new PadVerdict.NotAdvertising(PadStanding.isYoung(slot));
    }
    String vos = Ads.text(slot, Attr.VOS);
    if (!vos.equals("*") && !holds(vos, Ads.text(job, Attr.VO))) {
      return new PadVerdict.VoNotAccepted(vos);
    }
    if (Ads.text(job, Attr.ACCELERATOR).equals("kvm")
        && !Ads.text(slot, Attr.ACCELERATOR).equals("kvm")) {
      return new PadVerdict.NoKvm(Ads.text(slot, Attr.ACCELERATOR_REASON));
    }
    Resources request = Resources.requested(job, slot, context);
    boolean splits = slot.bool(CondorAttr.PARTITIONABLE_SLOT).orElse(false);
    List<Shortfall> ever =
        Shortfall.between(request, splits ? Resources.whole(slot) : Resources.offered(slot));
    if (!ever.isEmpty()) {
      return new PadVerdict.TooSmall(ever);
    }
    if (!holds(Ads.text(slot, Attr.IMAGES), Ads.text(job, Attr.IMAGE))) {
      return new PadVerdict.NoImage(
          Ads.text(slot, Attr.IMAGE_ERRORS), Ads.text(slot, Attr.IMAGE_PROGRESS));
    }
    if (holds(Ads.text(job, Attr.AVOID_HOSTS), slot.string(CondorAttr.MACHINE).orElse("?"))) {
      return new PadVerdict.Avoided();
    }
    List<Shortfall> now = Shortfall.between(request, Resources.offered(slot));
    if (!now.isEmpty() || (!splits && Ads.text(slot, CondorAttr.STATE).equals("Claimed"))) {
      return new PadVerdict.Full(now, users(slot, context));
    }
    if (Match.symmetric(job, slot, context)) {
      return new PadVerdict.Takes(!faults.contains(PadStanding.Fault.OPEN_START));
    }
    return new PadVerdict.Refused(
        Condition.between(job, slot, context).stream().filter(c -> !c.holds()).toList());
  }

  /** A partitionable slot tells whose jobs the dynamic slots cut from it run. */
  private static List<String> users(ClassAd slot, EvalContext context) {
    List<Value> users =
        slot.evaluate("ChildRemoteUser", context) instanceof Value.ListValue list
            ? list.values(context)
            : List.of(slot.evaluate(CondorAttr.REMOTE_USER, context));
    return users.stream()
        .flatMap(user -> user instanceof Value.Str text ? Stream.of(text.text()) : Stream.empty())
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean holds(String list, String member) {
    for (String each : list.split(",", -1)) {
      if (each.strip().equals(member)) {
        return true;
      }
    }
    return false;
  }

  /** How near a verdict is to a node. */
  static int hope(PadVerdict verdict) {
    return switch (verdict) {
      case PadVerdict.VoNotAccepted v -> 0;
      case PadVerdict.NoKvm v -> 1;
      case PadVerdict.TooSmall v -> 2;
      case PadVerdict.NotAdvertising v -> 3;
      case PadVerdict.NoImage v -> 4;
      case PadVerdict.Avoided v -> 5;
      case PadVerdict.Refused v -> 6;
      case PadVerdict.Full v -> 7;
      case PadVerdict.Takes v -> 8;
    };
  }
}
