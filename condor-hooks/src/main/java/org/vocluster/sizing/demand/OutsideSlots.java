package org.vocluster.sizing.demand;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Match;
import org.vocluster.classad.Mentions;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.JobGroup;

/**
 * The slots outside the VOCs, those alike together. {@link Demand} lets them take what they can
 * before any node is asked for; it makes one for all looks at the queue as long as the slots stay
 * the same. Does not judge whether the schedd would run a job.
 */
final class OutsideSlots {
  /** Slots that agree in all but {@link #RARELY_MATTERS}. */
  private record Kind(List<ClassAd> slots, boolean splits, Resources free) {
    ClassAd first() {
      return slots.getFirst();
    }
  }

  /** What tells one slot from its like, and matters only to jobs that name it. */
  private static final Set<String> RARELY_MATTERS =
      lower(
          CondorAttr.NAME,
          CondorAttr.MACHINE,
          CondorAttr.MY_ADDRESS,
          "AddressV1",
          "StartdIpAddr",
          CondorAttr.LAST_HEARD_FROM,
          "UpdateSequenceNumber",
          CondorAttr.DAEMON_START_TIME,
          "DaemonLastReconfigTime",
          "MyCurrentTime",
          CondorAttr.ENTERED_CURRENT_STATE,
          "EnteredCurrentActivity",
          CondorAttr.ENTERED_CURRENT_STATUS,
          "LoadAvg",
          "TotalLoadAvg",
          "CondorLoadAvg",
          "TotalCondorLoadAvg",
          "CpuBusyTime",
          "KeyboardIdle",
          "ConsoleIdle",
          "ClockMin",
          "ClockDay",
          "MonitorSelfAge",
          "MonitorSelfTime",
          "MonitorSelfImageSize",
          "MonitorSelfResidentSetSize",
          "MonitorSelfCPUUsage",
          "UpdatesHistory",
          "UpdatesTotal",
          "UpdatesSequenced",
          "UpdatesLost");

  private final List<Kind> kinds;
  private final EvalContext context;
  private final Map<ImmutableMap<String, String>, int[]> takers = new HashMap<>();

  OutsideSlots(List<ClassAd> slots, EvalContext context) {
    this.context = context;
    Map<ClassAd, List<ClassAd>> alike = new LinkedHashMap<>();
    for (ClassAd slot : slots) {
      boolean splits = slot.bool(CondorAttr.PARTITIONABLE_SLOT).orElse(false);
      String state = Ads.text(slot, CondorAttr.STATE);
      if (splits ? !state.equals("Drained") : state.equals("Unclaimed")) {
        alike.computeIfAbsent(essence(slot), e -> new ArrayList<>()).add(slot);
      }
    }
    this.kinds =
        alike.values().stream()
            .map(
                same ->
                    new Kind(
                        List.copyOf(same),
                        same.getFirst().bool(CondorAttr.PARTITIONABLE_SLOT).orElse(false),
                        Resources.offered(same.getFirst())))
            .toList();
  }

  /** Begins with all of them free. */
  Filling filling() {
    return new Filling();
  }

  /** How many slots of each kind match the group's jobs both ways. */
  private int[] takers(JobGroup group) {
    return takers.computeIfAbsent(
        group.attributes(),
        attributes -> {
          ClassAd job = group.ad();
          boolean choosy = namesOneSlot(job);
          return kinds.stream()
              .mapToInt(
                  kind ->
                      choosy
                          ? (int)
                              kind.slots.stream()
                                  .filter(slot -> Match.symmetric(job, slot, context))
                                  .count()
                          : Match.symmetric(job, kind.first(), context) ? kind.slots.size() : 0)
              .toArray();
        });
  }

  private static boolean namesOneSlot(ClassAd job) {
    for (String name : job.names()) {
      Expr expr = job.expr(name);
      if (expr != null && expr.literal() == null) {
        Mentions mentions = expr.mentions();
        if (mentions.computed()
            || mentions.target().stream().anyMatch(OutsideSlots::rarelyMatters)
            || mentions.free().stream().anyMatch(OutsideSlots::rarelyMatters)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean rarelyMatters(String name) {
    return RARELY_MATTERS.contains(name.toLowerCase(Locale.ROOT));
  }

  private static ClassAd essence(ClassAd slot) {
    ClassAd.Builder essence = ClassAd.builder();
    for (String name : slot.names()) {
      Expr expr = slot.expr(name);
      if (expr != null && !rarelyMatters(name)) {
        essence.set(name, expr);
      }
    }
    return essence.build();
  }

  private static Set<String> lower(String... names) {
    return Set.of(names).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** One distribution of jobs over the slots, first come first served. */
  final class Filling {
    /** Slots of each kind that are left whole, and what is left of those that are not. */
    private final int[] whole = kinds.stream().mapToInt(kind -> kind.slots.size()).toArray();

    private final List<List<Resources>> begun =
        kinds.stream().map(kind -> (List<Resources>) new ArrayList<Resources>()).toList();

    /** How many of the group's jobs these slots take. */
    int take(JobGroup group) {
      int left = group.idle();
      if (kinds.isEmpty()) {
        return 0;
      }
      int[] takers = takers(group);
      for (int i = 0; i < takers.length && left > 0; i++) {
        if (takers[i] > 0) {
          left = fill(i, takers[i], group, left);
        }
      }
      return group.idle() - left;
    }

    /** Puts jobs into at most so many slots of a kind; returns how many jobs are left. */
    private int fill(int i, int slots, JobGroup group, int jobs) {
      Kind kind = kinds.get(i);
      if (!kind.splits) {
        int used = Math.min(jobs, Math.min(slots, whole[i]));
        whole[i] -= used;
        return jobs - used;
      }
      Resources request = Resources.requested(group.ad(), kind.first(), context).asCarvedFromSlot();
      int left = jobs;
      List<Resources> partly = begun.get(i);
      for (int at = 0; at < partly.size() && left > 0; at++) {
        int fits = Math.min(left, partly.get(at).fits(request));
        partly.set(at, partly.get(at).minus(request, fits));
        left -= fits;
      }
      int each = kind.free.fits(request);
      for (int opened = 0; each > 0 && left > 0 && whole[i] > 0 && opened < slots; opened++) {
        int fits = Math.min(left, each);
        whole[i]--;
        partly.add(kind.free.minus(request, fits));
        left -= fits;
      }
      return left;
    }
  }
}
