package org.vocluster.sizing.collector;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.decision.Decision;
import org.vocluster.sizing.decision.NodeSupply;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.decision.VocSituation;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.history.BreakerAds;
import org.vocluster.vm.definition.VocDefinition;

/** The ad that tells the pool about a VOC: what it is, wants, has, and what was decided and why. */
public final class VocAd {
  private VocAd() {}

  /**
   * The ad of a valid definition.
   *
   * @param breakers those that concern this VOC
   * @param note what else an administrator should know, or empty
   * @param schedds names of the schedds whose jobs are served
   */
  public static ClassAd of(
      VocDefinition definition,
      VocSituation voc,
      Decision decision,
      List<Breaker> breakers,
      String note,
      String accessPoint,
      Collection<String> schedds,
      Instant now) {
    int ready = voc.count(Stage.READY);
    int booting = voc.count(Stage.BOOTING);
    int leaving = voc.count(Stage.LEAVING) + voc.count(Stage.LOST);
    int overdue = voc.count(Stage.OVERDUE);
    int claimed = (int) voc.nodes().stream().filter(NodeSupply::claimed).count();
    ClassAd.Builder ad = named(definition.name().value(), accessPoint, now);
    definition
        .kernel()
        .ifPresent(
            kernel -> {
              ad.set("VocKernelUrl", kernel.image().url().toString())
                  .set("VocKernel", kernel.image().digest().value());
              kernel
                  .initrd()
                  .ifPresent(
                      initrd ->
                          ad.set("VocInitrdUrl", initrd.url().toString())
                              .set("VocInitrd", initrd.digest().value()));
            });
    return ad.set("VocVO", definition.vo().value())
        .set("VocImageUrl", definition.imageUrl().toString())
        .set("VocImage", definition.image().value())
        .set("VocShapes", definition.shapesInWords())
        .set("VocMinNodes", voc.minNodes())
        .set("VocMaxNodes", voc.maxNodes())
        .set("VocSpareNodes", voc.spareNodes())
        .set("VocDefinition", definition.digest().value())
        .set("VocSchedds", String.join(",", schedds))
        .set("VocDemandJobs", decision.demandJobs())
        .set("VocWantedNodes", decision.wantedNodes())
        .set("VocNodesIdle", voc.count(Stage.QUEUED) + voc.count(Stage.SUBMITTED))
        .set("VocNodesRunning", ready + booting + leaving + overdue)
        .set("VocNodesBooting", booting + overdue)
        .set("VocNodesJoined", ready + leaving)
        .set("VocNodesClaimed", claimed)
        .set("VocNodesLeaving", leaving)
        .set("VocNodesHeld", voc.count(Stage.HELD))
        .set("VocDecision", decision.verdict().published())
        .set("VocReason", note.isEmpty() ? decision.reason() : decision.reason() + "; " + note)
        .set("VocBreaker", inWords(breakers, now))
        .set("VocBreakers", BreakerAds.write(breakers))
        .build();
  }

  private static String inWords(List<Breaker> breakers, Instant now) {
    return breakers.stream()
        .map(
            breaker ->
                breaker.scope().text()
                    + " "
                    + breaker.key()
                    + " "
                    + (breaker.isOpen(now) ? "open until " + breaker.until() : "half-open")
                    + ": "
                    + breaker.what())
        .collect(Collectors.joining("; "));
  }

  /** The ad of a definition that has faults; it names no image, so that no host fetches one. */
  public static ClassAd broken(
      String name, List<String> problems, String accessPoint, Instant now) {
    return named(name, accessPoint, now)
        .set("VocDecision", Decision.Verdict.BROKEN.published())
        .set("VocReason", String.join("; ", problems))
        .build();
  }

  static String nameOf(String voc, String accessPoint) {
    return voc + "@" + accessPoint;
  }

  private static ClassAd.Builder named(String voc, String accessPoint, Instant now) {
    return ClassAd.builder()
        .set("MyType", "VOC")
        .set("Name", nameOf(voc, accessPoint))
        .set("Voc", voc)
        .set("VocAccessPoint", accessPoint)
        .set("VocHeartbeat", now.getEpochSecond());
  }
}
