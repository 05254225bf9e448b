package org.vocluster.sizing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.Counted;
import org.vocluster.sizing.collector.PadImages;
import org.vocluster.sizing.collector.VocAd;
import org.vocluster.sizing.decision.Decision;
import org.vocluster.sizing.decision.NodeSupply;
import org.vocluster.sizing.decision.SizingPass;
import org.vocluster.sizing.decision.VocSituation;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.ShownNode;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.Printable;

/**
 * What a pass comes to for those who look on: lines in {@link Sizer}'s log, each only when it says
 * something new, and a VOC ad for each definition, which {@link DryRun} shows too. It decides
 * nothing and publishes nothing.
 */
final class SizerReport {
  /** A node job that waits longer for a host is worth a look at who holds its image. */
  static final Duration QUEUED_LONG = Duration.ofSeconds(15);

  /** More are in the log. */
  private static final int REASONS_SHOWN = 2;

  /** By VO, as the jobs say. */
  private final Map<String, List<Demand.Unserved>> withoutNode = new HashMap<>();

  private final SizerLog log;
  private final SizerConfig.AccessPoint accessPoint;

  SizerReport(SizerLog log, SizerConfig.AccessPoint accessPoint) {
    this.log = log;
    this.accessPoint = accessPoint;
  }

  /** What was decided about a registered VOC. */
  record Decided(VocDefinition definition, VocSituation situation, Decision decision) {
    private VocName name() {
      return situation.voc();
    }
  }

  static List<Decided> decided(RegisteredVocs vocs, SizingPass pass) {
    List<Decided> result = new ArrayList<>();
    for (VocSituation situation : pass.situation().vocs()) {
      VocDefinition definition = vocs.definition(situation.voc());
      Decision decision = pass.decision().vocs().get(situation.voc());
      if (definition != null && decision != null) {
        result.add(new Decided(definition, situation, decision));
      }
    }
    return result;
  }

  /**
   * The VOC ads by the names of their definitions, of which those with faults may have any.
   *
   * @param notes what else an administrator should know, by VOC
   */
  static Map<String, ClassAd> ads(
      RegisteredVocs vocs,
      SizingPass pass,
      Map<VocName, String> notes,
      SizerConfig.AccessPoint accessPoint,
      Instant now) {
    Map<String, ClassAd> ads = new LinkedHashMap<>();
    Set<String> served = accessPoint.served().names();
    for (Decided voc : decided(vocs, pass)) {
      ads.put(
          voc.name().value(),
          VocAd.of(
              voc.definition(),
              voc.situation(),
              voc.decision(),
              concerning(voc.situation(), pass.situation().breakers()),
              notes.getOrDefault(voc.name(), ""),
              accessPoint.name(),
              served,
              now));
    }
    vocs.shownInAds()
        .forEach(
            (voc, shown) ->
                ads.computeIfPresent(voc.value(), (name, ad) -> ad.with(Attr.SHOWN, shown)));
    vocs.broken()
        .forEach(
            (name, problems) ->
                ads.put(name, VocAd.broken(name, problems, accessPoint.name(), now)));
    return ads;
  }

  private static List<Breaker> concerning(VocSituation voc, List<Breaker> breakers) {
    return breakers.stream().filter(breaker -> breaker.concerns(voc.voc(), voc.image())).toList();
  }

  // --- the log

  /** The definitions have been read. */
  void registered(RegisteredVocs vocs) {
    for (VocDefinition definition : vocs.valid().values()) {
      log.sayOnce(
          "definition " + definition.name(),
          "VOC "
              + definition.name()
              + " of VO "
              + definition.vo()
              + ": "
              + definition.minNodes()
              + " to "
              + definition.maxNodes()
              + " nodes of "
              + definition.shapesInWords()
              + ", image "
              + definition.image());
    }
    vocs.broken()
        .forEach(
            (name, problems) ->
                log.sayOnce(
                    "definition " + name,
                    "VOC definition "
                        + name
                        + " has faults and is not served:\n"
                        + String.join("\n", problems)));
    if (vocs.valid().isEmpty() && vocs.broken().isEmpty()) {
      log.say("no VOC definition in " + accessPoint.definitions() + "; see `voc register --help`");
    }
  }

  /** Nodes in the pool have shown what they offer. */
  void learnt(List<RegisteredVocs.Learnt> offers) {
    for (RegisteredVocs.Learnt each : offers) {
      if (each.before().cpus() != each.shown().cpus()
          || each.before().memoryMb() != each.shown().memoryMb()) {
        log.say("a node of VOC " + each.kind() + " offers " + each.shown());
      }
    }
  }

  /** Nodes in the pool have shown what nodes of their kind have. */
  void shown(List<ShownNode> nodes) {
    for (ShownNode node : nodes) {
      log.sayOnce(
          "shown " + node.kind(),
          "node "
              + node.node()
              + " shows what a node of VOC "
              + node.kind()
              + " has: jobs are matched with that from now on");
    }
  }

  /** Idle jobs were looked at, and only a node can tell whether these are demand. */
  void probing(List<Demand.Probing> jobs) {
    for (Demand.Probing probing : jobs) {
      log.sayOnce(
          "probing " + probing.kind() + probing.attributes(),
          "job "
              + probing.example()
              + " of VO "
              + probing.vo()
              + " and jobs like it ask for what the image of VOC "
              + probing.kind().voc()
              + " may have: a node is to show "
              + String.join(", ", probing.attributes()));
    }
  }

  /** Idle jobs were looked at, and these are no demand. */
  void unserved(List<Demand.Unserved> jobs) {
    withoutNode.clear();
    Map<String, Integer> count = new LinkedHashMap<>();
    for (Demand.Unserved unserved : jobs) {
      String about = "unserved " + unserved.vo() + " " + unserved.why();
      if (count.merge(about, unserved.jobs(), Integer::sum) == unserved.jobs()) {
        log.sayOnce(
            about,
            "voc: job "
                + unserved.example()
                + " of VO "
                + unserved.vo()
                + " and jobs like it get no node: "
                + unserved.why());
      }
      withoutNode.merge(unserved.vo(), List.of(unserved), SizerReport::both);
    }
  }

  private static List<Demand.Unserved> both(List<Demand.Unserved> a, List<Demand.Unserved> b) {
    return a.size() > REASONS_SHOWN ? a : Stream.concat(a.stream(), b.stream()).toList();
  }

  /** What jobs of the VO get no node; empty if none. */
  private String withoutNode(VoName vo) {
    return withoutNode.getOrDefault(vo.value(), List.of()).stream()
        .limit(REASONS_SHOWN)
        .map(
            jobs ->
                "no node for "
                    + Counted.of(jobs.jobs(), "job")
                    + " like "
                    + jobs.example()
                    + ": "
                    + Printable.of(jobs.why()))
        .collect(Collectors.joining("; "));
  }

  /**
   * It has been decided.
   *
   * @param padImages what PAD hosts say of images, if any was asked
   * @return the ads to publish, by the names of their definitions
   */
  Map<String, ClassAd> decided(
      RegisteredVocs vocs,
      SizingPass pass,
      Optional<Map<String, PadImages.Held>> padImages,
      Instant now) {
    Map<VocName, String> notes = new LinkedHashMap<>();
    for (Decided voc : decided(vocs, pass)) {
      String text = "VOC " + voc.name() + ": " + voc.decision().verdict().published();
      log.sayOnce("decision " + voc.name(), text + ": " + voc.decision().reason());
      String note =
          padImages.isPresent() && isAnyQueuedLong(voc.situation(), now)
              ? PadImages.why(voc.definition().image().value(), padImages.get())
              : "";
      String without = withoutNode(voc.definition().vo());
      if (!note.isEmpty() || !without.isEmpty()) {
        notes.put(voc.name(), note + (note.isEmpty() || without.isEmpty() ? "" : "; ") + without);
      }
      if (!note.isEmpty()) {
        log.sayOnce("note " + voc.name(), "VOC " + voc.name() + ": " + note);
      }
    }
    return ads(vocs, pass, notes, accessPoint, now);
  }

  private static boolean isAnyQueuedLong(VocSituation voc, Instant now) {
    long longAgo = now.minus(QUEUED_LONG).getEpochSecond();
    return voc.nodes().stream()
        .anyMatch(
            node ->
                node.stage() == NodeSupply.Stage.QUEUED
                    && node.job().isPresent()
                    && node.job().get().since() < longAgo);
  }
}
