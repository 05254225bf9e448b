package org.vocluster.sizing;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Match;
import org.vocluster.classad.Value;

/**
 * Which idle jobs are demand for which VOC: those that match its prototype slot both ways, each
 * with the smallest node that takes it.
 */
final class Demand {
  /**
   * Jobs that no definition's nodes would take.
   *
   * @param why in words
   */
  record Unserved(String vo, int jobs, JobId example, String why) {}

  /** What one look at the queue means. */
  record Assigned(List<DemandGroup> groups, List<Unserved> unserved) {
    Assigned {
      groups = List.copyOf(groups);
      unserved = List.copyOf(unserved);
    }

    /** Whether jobs wait that nodes of this VOC would take. */
    boolean wants(String voc) {
      return groups.stream()
          .anyMatch(group -> group.candidates().stream().anyMatch(c -> c.voc().equals(voc)));
    }
  }

  /**
   * What became of one group: the nodes that take it and what a job takes there, or why none does.
   */
  private record Verdict(String vo, List<Candidate> candidates, String why) {}

  private final List<NodePrototype> prototypes;
  private final List<String> broken;
  private final EvalContext context;
  private final Map<ImmutableMap<String, String>, Verdict> verdicts = new HashMap<>();

  /**
   * @param broken names of the definitions with faults; whose VO they are is not known
   * @param context with the clock that {@code time()} reads in the ads
   */
  Demand(List<NodePrototype> prototypes, Set<String> broken, EvalContext context) {
    this.prototypes =
        prototypes.stream()
            .sorted(
                Comparator.comparing(NodePrototype::shape)
                    .thenComparing(p -> p.definition().name().value()))
            .toList();
    this.broken = broken.stream().sorted().toList();
    this.context = context;
  }

  /**
   * Attributes that jobs must agree in to be alike: all that slots or the jobs themselves look at.
   */
  static Set<String> tellingApart(List<JobGroup> groups) {
    Set<String> words = new HashSet<>(NodePrototype.LOOKS_AT);
    words.add("Requirements");
    Set<String> seen = new HashSet<>();
    for (JobGroup group : groups) {
      for (String value : group.attributes().values()) {
        if (seen.add(value)) {
          words.addAll(AttributeWords.in(value));
        }
      }
    }
    return words;
  }

  Assigned assign(List<JobGroup> groups) {
    List<DemandGroup> demand = new ArrayList<>();
    List<Unserved> unserved = new ArrayList<>();
    for (JobGroup group : groups) {
      Verdict verdict = verdicts.computeIfAbsent(group.attributes(), this::judge);
      if (!verdict.candidates.isEmpty()) {
        demand.add(new DemandGroup(verdict.vo, group.idle(), group.example(), verdict.candidates));
      } else {
        unserved.add(new Unserved(verdict.vo, group.idle(), group.example(), verdict.why));
      }
    }
    return new Assigned(demand, unserved);
  }

  private Verdict judge(ImmutableMap<String, String> attributes) {
    ClassAd job = jobAd(attributes);
    String vo = job.string("VocVO").orElse("");
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
      Resources request = request(job, prototype.slot()).asCarvedFromSlot();
      if (prototype.offers().fits(request) == 0) {
        why = "it asks for " + request + ", and a node of " + voc + " offers " + prototype.offers();
      } else if (!Match.requirementsMet(job, prototype.slot(), context)) {
        why = "its Requirements refuse the nodes of " + voc;
      } else if (!Match.requirementsMet(prototype.slot(), job, context)) {
        why = "the nodes of " + voc + " refuse it (START)";
      } else {
        candidates.add(new Candidate(voc, prototype.shape().name().value(), request));
      }
    }
    return new Verdict(vo, List.copyOf(candidates), why);
  }

  private static ClassAd jobAd(ImmutableMap<String, String> attributes) {
    ClassAd.Builder ad = ClassAd.builder().set("MyType", "Job").set("TargetType", "Machine");
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

  private Resources request(ClassAd job, ClassAd slot) {
    return new Resources(
        (int) amount(job, slot, "RequestCpus", 1),
        amount(job, slot, "RequestMemory", 0),
        amount(job, slot, "RequestDisk", 0),
        (int) amount(job, slot, "RequestGPUs", 0));
  }

  private long amount(ClassAd job, ClassAd slot, String attribute, long otherwise) {
    Value value = job.evaluate(attribute, slot, context);
    double amount =
        value instanceof Value.Int i
            ? i.value()
            : value instanceof Value.Real r ? Math.ceil(r.value()) : otherwise;
    return (long) Math.max(0, Math.min(amount, Integer.MAX_VALUE));
  }
}
