package org.vocluster.sizing;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  record Assigned(Map<String, List<DemandGroup>> byVoc, List<Unserved> unserved) {
    List<DemandGroup> of(String voc) {
      return byVoc.getOrDefault(voc, List.of());
    }
  }

  /**
   * What became of one group: the VOC that takes it and what a job takes there, or why none does.
   */
  private record Verdict(String vo, String voc, Resources request, String why) {}

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
                Comparator.comparingInt((NodePrototype p) -> p.offers().cpus())
                    .thenComparingLong(p -> p.offers().memoryMb())
                    .thenComparingLong(p -> p.offers().diskKb())
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
    Map<String, List<DemandGroup>> byVoc = new LinkedHashMap<>();
    List<Unserved> unserved = new ArrayList<>();
    for (JobGroup group : groups) {
      Verdict verdict = verdicts.computeIfAbsent(group.attributes(), this::judge);
      if (verdict.why.isEmpty()) {
        byVoc
            .computeIfAbsent(verdict.voc, v -> new ArrayList<>())
            .add(new DemandGroup(verdict.request, group.idle(), group.example()));
      } else {
        unserved.add(new Unserved(verdict.vo, group.idle(), group.example(), verdict.why));
      }
    }
    return new Assigned(byVoc, unserved);
  }

  private Verdict judge(ImmutableMap<String, String> attributes) {
    ClassAd job = jobAd(attributes);
    String vo = job.string("VocVO").orElse("");
    String why =
        "no valid VOC definition is registered for VO "
            + vo
            + (broken.isEmpty() ? "" : " (with faults: " + String.join(", ", broken) + ")");
    for (NodePrototype prototype : prototypes) {
      if (!prototype.definition().vo().value().equals(vo)) {
        continue;
      }
      String voc = prototype.definition().name().value();
      Resources request = request(job, prototype.slot(), context).asCarvedFromSlot();
      if (prototype.offers().fits(request) == 0) {
        why = "it asks for " + request + ", and a node of " + voc + " offers " + prototype.offers();
      } else if (!Match.requirementsMet(job, prototype.slot(), context)) {
        why = "its Requirements refuse the nodes of " + voc;
      } else if (!Match.requirementsMet(prototype.slot(), job, context)) {
        why = "the nodes of " + voc + " refuse it (START)";
      } else {
        return new Verdict(vo, voc, request, "");
      }
    }
    return new Verdict(vo, "", Resources.NONE, why);
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

  static Resources request(ClassAd job, ClassAd slot, EvalContext context) {
    return new Resources(
        (int) amount(job, slot, "RequestCpus", 1, context),
        amount(job, slot, "RequestMemory", 0, context),
        amount(job, slot, "RequestDisk", 0, context));
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
}
