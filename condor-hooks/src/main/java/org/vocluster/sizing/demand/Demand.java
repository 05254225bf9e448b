package org.vocluster.sizing.demand;

import com.google.common.collect.ImmutableMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * Which idle jobs are demand for which nodes: those that match a prototype slot both ways, that no
 * slot outside the VOCs would take, and that the schedd would run now. The size hook, {@code voc
 * plan} and simulations ask it once a pass. Jobs that are alike are judged once as long as an
 * instance lives, so whoever keeps one makes a new one when prototypes or outside slots change, and
 * now and then, since Requirements may name the time. Reads no clock.
 */
public final class Demand {
  /**
   * Jobs that no definition's nodes would take.
   *
   * @param vo as the jobs say, who may say anything: often there is none of that name
   * @param why in words
   */
  public record Unserved(String vo, int jobs, JobId example, String why) {}

  /**
   * Jobs of which only a node can tell whether nodes take them.
   *
   * @param kind the nodes, one of which is started to see
   * @param attributes what it is to show
   */
  public record Probing(
      VoName vo, VocShape kind, long jobs, JobId example, List<String> attributes) {
    public Probing {
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * What one look at the queue means; each idle job is in exactly one of the five, but for the one
   * of those that a node is to show something for, which is demand for that node too.
   *
   * @param groups demand for nodes
   * @param probing what waits for a first node to show what its image has
   * @param unserved what no node takes
   * @param elsewhere number of jobs of each VO that free slots outside its VOCs would take
   * @param waiting number of jobs of each VO that the schedd does not run yet: deferred ones and
   *     those cooling down after a failure
   */
  public record Assigned(
      List<DemandGroup> groups,
      List<Probing> probing,
      List<Unserved> unserved,
      Map<String, Long> elsewhere,
      Map<String, Long> waiting) {
    public Assigned {
      groups = List.copyOf(groups);
      probing = List.copyOf(probing);
      unserved = List.copyOf(unserved);
      elsewhere = Map.copyOf(elsewhere);
      waiting = Map.copyOf(waiting);
    }

    public Assigned(List<DemandGroup> groups, List<Unserved> unserved) {
      this(groups, List.of(), unserved, Map.of(), Map.of());
    }

    /** Whether jobs wait that nodes of this VOC would take. */
    public boolean wants(VocName voc) {
      return groups.stream()
          .anyMatch(group -> group.candidates().stream().anyMatch(c -> c.voc().equals(voc)));
    }
  }

  /**
   * What became of one group.
   *
   * @param vo as the jobs say
   * @param candidates the nodes that take it and what a job takes there
   * @param untold what a node is to show before that can be told; nothing if it can
   * @param servedAs the same VO, as those nodes' definitions name it; null if there are none
   * @param why none does, in words
   * @param from when the schedd runs it, in seconds since 1970; 0 if that is no question
   */
  private record Judgement(
      String vo,
      List<Candidate> candidates,
      List<String> untold,
      @Nullable VoName servedAs,
      String why,
      long from) {
    static Judgement noneFor(String vo, String why, long from) {
      return new Judgement(vo, List.of(), List.of(), null, why, from);
    }
  }

  private final List<NodePrototype> prototypes;
  private final List<String> broken;
  private final EvalContext context;
  private final OutsideSlots outside;
  private final Map<ImmutableMap<String, String>, Judgement> judgements = new HashMap<>();
  private final SlotRequest.Budget slotRequests = new SlotRequest.Budget();

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
    this.prototypes = prototypes.stream().sorted(NodePrototype.SMALLEST_FIRST).toList();
    this.broken = broken.stream().sorted().toList();
    this.context = context;
    this.outside = new OutsideSlots(outside, context);
  }

  /** Which attributes of jobs matter to these prototypes and to the slots outside. */
  public static Significance significance(List<NodePrototype> prototypes, List<ClassAd> outside) {
    List<ClassAd> slots = new ArrayList<>(outside);
    prototypes.forEach(prototype -> slots.add(prototype.slot()));
    return new Significance(slots);
  }

  /**
   * Tells demand from what other slots take, from what waits and from what nobody takes.
   *
   * @param now when the pass takes place; what time the ads read is the context's
   */
  public Assigned assign(List<JobGroup> groups, Instant now) {
    long seconds = now.getEpochSecond();
    List<DemandGroup> demand = new ArrayList<>();
    Map<VocShape, DemandGroup> first = new TreeMap<>();
    List<Probing> probing = new ArrayList<>();
    List<Unserved> unserved = new ArrayList<>();
    Map<String, Long> taken = new TreeMap<>();
    Map<String, Long> waiting = new TreeMap<>();
    OutsideSlots.Filling filling = outside.filling();
    for (JobGroup group : groups) {
      Judgement judged = judgement(group, seconds);
      if (judged.from > seconds) {
        waiting.merge(judged.vo, (long) group.idle(), Long::sum);
        continue;
      }
      int there = group.unclear().isEmpty() ? filling.take(group) : 0;
      if (there > 0) {
        taken.merge(judged.vo, (long) there, Long::sum);
      }
      int left = group.idle() - there;
      if (left > 0) {
        if (judged.servedAs != null && !judged.untold.isEmpty()) {
          VocShape kind = judged.candidates.getFirst().kind();
          probing.add(new Probing(judged.servedAs, kind, left, group.example(), judged.untold));
          first.putIfAbsent(
              kind,
              new DemandGroup(
                  judged.servedAs, 1, group.example(), judged.candidates, judged.untold));
        } else if (judged.servedAs != null) {
          demand.add(new DemandGroup(judged.servedAs, left, group.example(), judged.candidates));
        } else {
          unserved.add(new Unserved(judged.vo, left, group.example(), judged.why));
        }
      }
    }
    demand.addAll(onePerVoc(first));
    return new Assigned(demand, probing, unserved, taken, waiting);
  }

  /** One node at a time shows what the image has: of the smallest shape that is asked to. */
  private List<DemandGroup> onePerVoc(Map<VocShape, DemandGroup> wanted) {
    Map<VocName, DemandGroup> chosen = new LinkedHashMap<>();
    for (NodePrototype prototype : prototypes) {
      DemandGroup group = wanted.get(prototype.kind());
      if (group != null) {
        chosen.putIfAbsent(prototype.definition().name(), group);
      }
    }
    return List.copyOf(chosen.values());
  }

  private Judgement judgement(JobGroup group, long now) {
    if (!group.unclear().isEmpty()) {
      return Judgement.noneFor(
          Ads.text(group.ad(), Attr.VO),
          "which nodes it needs cannot be told: " + group.unclear(),
          0);
    }
    Judgement known = judgements.get(group.attributes());
    if (known == null || (known.from > 0 && known.from <= now)) {
      known = judge(group.ad(), now);
      judgements.put(group.attributes(), known);
    }
    return known;
  }

  private Judgement judge(ClassAd job, long now) {
    String vo = Ads.text(job, Attr.VO);
    Deferral deferral = Deferral.of(job, context).orElse(null);
    if (deferral != null && deferral.holdsBack(now)) {
      return Judgement.noneFor(vo, "", deferral.from());
    }
    String why =
        "no valid VOC definition is registered for VO "
            + vo
            + (broken.isEmpty() ? "" : " (with faults: " + String.join(", ", broken) + ")");
    List<Candidate> candidates = new ArrayList<>();
    List<Candidate> toShow = new ArrayList<>();
    List<String> untold = List.of();
    VoName servedAs = null;
    for (NodePrototype prototype : prototypes) {
      if (!prototype.definition().vo().value().equals(vo)) {
        continue;
      }
      Fit fit = Fit.of(job, prototype, context);
      switch (fit) {
        case Fit.Fits(Resources request) -> {
          candidates.add(candidate(job, prototype, request));
          servedAs = prototype.definition().vo();
        }
        case Fit.Untold(Resources request, List<String> attributes) -> {
          if (prototype.knowledge() instanceof NodePrototype.Knowledge.Assumed) {
            candidates.add(candidate(job, prototype, request));
            servedAs = prototype.definition().vo();
          } else if (toShow.isEmpty()) {
            toShow.add(candidate(job, prototype, request));
            untold = attributes;
          }
        }
        case Fit.TooLarge _, Fit.TooLong _, Fit.RefusesNode _, Fit.NodeRefuses _ ->
            why = whyNot(fit, prototype);
      }
    }
    if (candidates.isEmpty() && !toShow.isEmpty()) {
      return new Judgement(vo, List.copyOf(toShow), untold, voOf(toShow.getFirst()), "", 0);
    }
    return new Judgement(vo, List.copyOf(candidates), List.of(), servedAs, why, 0);
  }

  private static String whyNot(Fit fit, NodePrototype prototype) {
    VocName voc = prototype.definition().name();
    return switch (fit) {
      case Fit.Fits _, Fit.Untold _ -> "";
      case Fit.TooLarge(Resources request, Resources offers) ->
          "it asks for " + request + ", and a node of " + voc + " offers " + offers;
      case Fit.TooLong(long seconds, long longest) ->
          "it runs for up to "
              + seconds
              + " s, longer than nodes live: one of "
              + voc
              + " has time for "
              + longest
              + " s";
      case Fit.RefusesNode(List<ClauseAnalysis.Clause> clauses) ->
          "its Requirements refuse the nodes of " + voc + inWords(clauses) + shownBy(prototype);
      case Fit.NodeRefuses(List<ClauseAnalysis.Clause> clauses) ->
          "the nodes of " + voc + " refuse it (START)" + inWords(clauses) + shownBy(prototype);
    };
  }

  private @Nullable VoName voOf(Candidate candidate) {
    for (NodePrototype prototype : prototypes) {
      if (prototype.kind().equals(candidate.kind())) {
        return prototype.definition().vo();
      }
    }
    return null;
  }

  private Candidate candidate(ClassAd job, NodePrototype prototype, Resources request) {
    return new Candidate(
        prototype.kind(),
        request,
        JobLength.seconds(job, context),
        SlotRequest.of(job, prototype, context, request, slotRequests));
  }

  private static String shownBy(NodePrototype prototype) {
    return prototype.knowledge() instanceof NodePrototype.Knowledge.Shown(NodeId node)
        ? "; as node " + node + " of its image has shown"
        : "";
  }

  private static String inWords(List<ClauseAnalysis.Clause> clauses) {
    return clauses.stream()
        .map(ClauseAnalysis.Clause::toString)
        .collect(Collectors.joining("; ", ": ", ""));
  }
}
