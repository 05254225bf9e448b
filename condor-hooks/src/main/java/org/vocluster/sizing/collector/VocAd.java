package org.vocluster.sizing.collector;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
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
              ad.set(Attr.KERNEL_URL, kernel.image().url().toString())
                  .set(Attr.KERNEL, kernel.image().digest().value());
              kernel
                  .initrd()
                  .ifPresent(
                      initrd ->
                          ad.set(Attr.INITRD_URL, initrd.url().toString())
                              .set(Attr.INITRD, initrd.digest().value()));
            });
    definition.voRealName().ifPresent(name -> ad.set(Attr.VO_NAME, name.value()));
    return ad.set(Attr.VO, definition.vo().value())
        .set(Attr.IMAGE_URL, definition.imageUrl().toString())
        .set(Attr.IMAGE, definition.image().value())
        .set(Attr.SHAPES, definition.shapesInWords())
        .set(Attr.MIN_NODES, voc.bounds().minNodes())
        .set(Attr.MAX_NODES, voc.bounds().maxNodes())
        .set(Attr.SPARE_NODES, voc.bounds().spareNodes())
        .set(Attr.DEFINITION, definition.digest().value())
        .set(Attr.SCHEDDS, String.join(",", schedds))
        .set(Attr.DEMAND_JOBS, decision.demandJobs())
        .set(Attr.WANTED_NODES, decision.wantedNodes())
        .set(Attr.NODES_IDLE, voc.count(Stage.QUEUED) + voc.count(Stage.SUBMITTED))
        .set(Attr.NODES_RUNNING, ready + booting + leaving + overdue)
        .set(Attr.NODES_BOOTING, booting + overdue)
        .set(Attr.NODES_JOINED, ready + leaving)
        .set(Attr.NODES_CLAIMED, claimed)
        .set(Attr.NODES_LEAVING, leaving)
        .set(Attr.NODES_HELD, voc.count(Stage.HELD))
        .set(Attr.DECISION, decision.verdict().published())
        .set(Attr.REASON, note.isEmpty() ? decision.reason() : decision.reason() + "; " + note)
        .set(Attr.BREAKER, inWords(breakers, now))
        .set(Attr.BREAKERS, BreakerAds.write(breakers))
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
        .set(Attr.DECISION, Decision.Verdict.BROKEN.published())
        .set(Attr.REASON, String.join("; ", problems))
        .build();
  }

  static String nameOf(String voc, String accessPoint) {
    return voc + "@" + accessPoint;
  }

  private static ClassAd.Builder named(String voc, String accessPoint, Instant now) {
    return ClassAd.builder()
        .set("MyType", "VOC")
        .set(CondorAttr.NAME, nameOf(voc, accessPoint))
        .set(Attr.VOC, voc)
        .set(Attr.ACCESS_POINT, accessPoint)
        .set(Attr.HEARTBEAT, now.getEpochSecond());
  }
}
