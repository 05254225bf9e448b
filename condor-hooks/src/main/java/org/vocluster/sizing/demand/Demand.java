package org.vocluster.sizing.demand;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Match;
import org.vocluster.classad.Mentions;
import org.vocluster.classad.Value;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.JobGroup;

/**
 * Which idle jobs are demand for which nodes: those that match a prototype slot both ways, that no
 * slot outside the VOCs would take, and that the schedd would run now.
 */
public final class Demand {
  /**
   * Jobs that no definition's nodes would take.
   *
   * @param why in words
   */
  public record Unserved(String vo, int jobs, JobId example, String why) {}

  /**
   * What one look at the queue means; each idle job is in exactly one of the four.
   *
   * @param groups demand for nodes
   * @param unserved what no node takes
   * @param elsewhere number of jobs of each VO that free slots outside its VOCs would take
   * @param waiting number of jobs of each VO that the schedd does not run yet: deferred ones and
   *     those cooling down after a failure
   */
  public record Assigned(
      List<DemandGroup> groups,
      List<Unserved> unserved,
      Map<String, Long> elsewhere,
      Map<String, Long> waiting) {
    public Assigned {
      groups = List.copyOf(groups);
      unserved = List.copyOf(unserved);
      elsewhere = Map.copyOf(elsewhere);
      waiting = Map.copyOf(waiting);
    }

    public Assigned(List<DemandGroup> groups, List<Unserved> unserved) {
      this(groups, unserved, Map.of(), Map.of());
    }

    /** Whether jobs wait that nodes of this VOC would take. */
    public boolean wants(String voc) {
      return groups.stream()
          .anyMatch(group -> group.candidates().stream().anyMatch(c -> c.voc().equals(voc)));
    }
  }

  /**
   * What became of one group: the nodes that take it and what a job takes there, or why none does.
   *
   * @param from when the schedd runs it, in seconds since 1970; 0 if that is no question
   */
  private record Verdict(String vo, List<Candidate> candidates, String why, long from) {}

  private final List<NodePrototype> prototypes;
  private final List<String> broken;
  private final EvalContext context;
  private final Elsewhere elsewhere;
  private final Map<ImmutableMap<String, String>, Verdict> verdicts = new HashMap<>();

  /**
   * @param broken names of the definitions with faults; whose VO they are is not known
   * @param context with the clock that {@code time()} reads in the ads
   */
  public Demand(List<NodePrototype> prototypes, Set<String> broken, EvalContext context) {
    this(prototypes, broken, List.of(), context);
  }

  /**
   * @param broken names of the definitions with faults; whose VO they are is not known
   * @param outside ads of slots that are no nodes of ours, whole
   * @param context with the clock that {@code time()} reads in the ads
   */
  public Demand(
      List<NodePrototype> prototypes,
      Set<String> broken,
      List<ClassAd> outside,
      EvalContext context) {
    this.prototypes =
        prototypes.stream()
            .sorted(
                Comparator.comparing(NodePrototype::shape)
                    .thenComparing(p -> p.definition().name().value()))
            .toList();
    this.broken = broken.stream().sorted().toList();
    this.context = context;
    this.elsewhere = new Elsewhere(outside, context);
  }

  /** Which attributes of jobs matter to these prototypes and to the slots outside. */
  public static Significance significance(List<NodePrototype> prototypes, List<ClassAd> outside) {
    List<ClassAd> slots = new ArrayList<>(outside);
    prototypes.forEach(prototype -> slots.add(prototype.slot()));
    return new Significance(slots);
  }

  public Assigned assign(List<JobGroup> groups) {
    long now = now();
    List<DemandGroup> demand = new ArrayList<>();
    List<Unserved> unserved = new ArrayList<>();
    Map<String, Long> taken = new TreeMap<>();
    Map<String, Long> waiting = new TreeMap<>();
    Elsewhere.Filling filling = elsewhere.filling();
    for (JobGroup group : groups) {
      Verdict verdict = verdict(group, now);
      if (verdict.from > now) {
        waiting.merge(verdict.vo, (long) group.idle(), Long::sum);
        continue;
      }
      int there = group.unclear().isEmpty() ? filling.take(group) : 0;
      if (there > 0) {
        taken.merge(verdict.vo, (long) there, Long::sum);
      }
      int left = group.idle() - there;
      if (left > 0) {
        if (!verdict.candidates.isEmpty()) {
          demand.add(new DemandGroup(verdict.vo, left, group.example(), verdict.candidates));
        } else {
          unserved.add(new Unserved(verdict.vo, left, group.example(), verdict.why));
        }
      }
    }
    return new Assigned(demand, unserved, taken, waiting);
  }

  private Verdict verdict(JobGroup group, long now) {
    if (!group.unclear().isEmpty()) {
      return new Verdict(
          jobAd(group.attributes()).string(Attr.VO).orElse(""),
          List.of(),
          "which nodes it needs cannot be told: " + group.unclear(),
          0);
    }
    Verdict known = verdicts.get(group.attributes());
    if (known == null || (known.from > 0 && known.from <= now)) {
      known = judge(group.attributes(), now);
      verdicts.put(group.attributes(), known);
    }
    return known;
  }

  private Verdict judge(ImmutableMap<String, String> attributes, long now) {
    ClassAd job = jobAd(attributes);
    String vo = Ads.text(job, Attr.VO);
    long from = runnableFrom(job);
    if (from > now) {
      return new Verdict(vo, List.of(), "", from);
    }
    String why =
        "no valid VOC definition is registered for VO "
            + vo
            + (broken.isEmpty() ? "" : " (with faults: " + String.join(", ", broken) + ")");
    List<Candidate> candidates = new ArrayList<>();
    for (NodePrototype prototype : prototypes) {
      if (!prototype.definition().vo().value().equals(vo)) {
        continue;
      }
      String voc = prototype.definition().name().value();
      Resources request = request(job, prototype.slot(), context).asCarvedFromSlot();
      if (prototype.offers().fits(request) == 0) {
        why = "it asks for " + request + ", and a node of " + voc + " offers " + prototype.offers();
      } else if (!Match.requirementsMet(job, prototype.slot(), context)) {
        why =
            "its Requirements refuse the nodes of "
                + voc
                + clauses(ClauseAnalysis.of(job, prototype.slot(), context));
      } else if (!Match.requirementsMet(prototype.slot(), job, context)) {
        why =
            "the nodes of "
                + voc
                + " refuse it (START)"
                + clauses(ClauseAnalysis.of(prototype.slot(), job, context));
      } else {
        candidates.add(new Candidate(voc, prototype.shape().name().value(), request));
      }
    }
    return new Verdict(vo, List.copyOf(candidates), why, 0);
  }

  private static String clauses(ClauseAnalysis analysis) {
    return analysis.refusing().stream()
        .map(ClauseAnalysis.Clause::toString)
        .collect(Collectors.joining("; ", ": ", ""));
  }

  /**
   * When the schedd would run the job: after its cool-down, and, if it is deferred, so long before
   * its time as the Requirements that condor_submit writes allow. 0 if it is neither.
   */
  private long runnableFrom(ClassAd job) {
    long from = 0;
    if (job.has(CondorAttr.JOB_COOL_DOWN_EXPIRATION)) {
      from = seconds(job, CondorAttr.JOB_COOL_DOWN_EXPIRATION) + 1;
    }
    if (job.has(CondorAttr.DEFERRAL_TIME)) {
      from =
          Math.max(
              from,
              seconds(job, CondorAttr.DEFERRAL_TIME)
                  - seconds(job, CondorAttr.DEFERRAL_PREP_TIME)
                  - seconds(job, CondorAttr.SCHEDD_INTERVAL));
    }
    return from;
  }

  private long seconds(ClassAd job, String attribute) {
    Value value = job.evaluate(attribute, context);
    return value instanceof Value.Int i ? i.value() : 0;
  }

  private long now() {
    try {
      return Expr.parse("time()").evaluate(context) instanceof Value.Int i ? i.value() : 0;
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static ClassAd jobAd(ImmutableMap<String, String> attributes) {
    ClassAd.Builder ad =
        ClassAd.builder()
            .set(CondorAttr.MY_TYPE, "Job")
            .set(CondorAttr.TARGET_TYPE, CondorAttr.MACHINE);
    attributes.forEach(
        (name, text) -> {
          try {
            ad.set(name, LongForm.parseExpr(text, Language.CONDOR_23_9));
          } catch (ClassAdSyntaxException e) {
            // The schedd accepted it, so it is newer than this parser: unknown, hence error.
            ad.set(name, Value.ERROR);
          }
        });
    return ad.build();
  }

  static Resources request(ClassAd job, ClassAd slot, EvalContext context) {
    return new Resources(
        (int) amount(job, slot, CondorAttr.REQUEST_CPUS, 1, context),
        amount(job, slot, CondorAttr.REQUEST_MEMORY, 0, context),
        amount(job, slot, CondorAttr.REQUEST_DISK, 0, context),
        (int) amount(job, slot, CondorAttr.REQUEST_GPUS, 0, context));
  }

  private static long amount(
      ClassAd job, ClassAd slot, String attribute, long otherwise, EvalContext context) {
    Value value = job.evaluate(attribute, slot, context);
    double amount =
        value instanceof Value.Int i
            ? i.value()
            : value instanceof Value.Real r ? Math.ceil(r.value()) : otherwise;
    return (long) Math.max(0, Math.min(amount, Integer.MAX_VALUE));
  }

  /** The slots outside the VOCs, those alike together. */
  private static final class Elsewhere {
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

    Elsewhere(List<ClassAd> slots, EvalContext context) {
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
                          resources(same.getFirst())))
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
            ClassAd job = jobAd(attributes);
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
              || mentions.target().stream().anyMatch(Elsewhere::rarelyMatters)
              || mentions.free().stream().anyMatch(Elsewhere::rarelyMatters)) {
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

    private static Resources resources(ClassAd slot) {
      return new Resources(
          (int) number(slot, CondorAttr.CPUS),
          number(slot, CondorAttr.MEMORY),
          number(slot, CondorAttr.DISK),
          (int) number(slot, CondorAttr.GPUS));
    }

    private static long number(ClassAd slot, String name) {
      return Math.max(0, Math.min(Integer.MAX_VALUE, (long) slot.number(name).orElse(0)));
    }

    private static Set<String> lower(String... names) {
      return Set.of(names).stream()
          .map(name -> name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toSet());
    }

    /** One distribution of jobs over the slots, first come first served. */
    private final class Filling {
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
        Resources request =
            Demand.request(jobAd(group.attributes()), kind.first(), context).asCarvedFromSlot();
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
}
