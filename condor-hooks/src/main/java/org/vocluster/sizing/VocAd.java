package org.vocluster.sizing;

import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.vm.VocDefinition;

/** The ad that tells the pool about a VOC: what it is, wants, has, and what was decided and why. */
final class VocAd {
  private VocAd() {}

  static ClassAd of(
      VocDefinition definition,
      VocSituation voc,
      Decision decision,
      String note,
      String accessPoint,
      long heartbeat) {
    return named(definition.name().value(), accessPoint, heartbeat)
        .set("VocVO", definition.vo().value())
        .set("VocImageUrl", definition.imageUrl().toString())
        .set("VocImage", definition.image().value())
        .set("VocShapes", definition.shapesInWords())
        .set("VocMinNodes", voc.minNodes())
        .set("VocMaxNodes", voc.maxNodes())
        .set("VocDefinition", definition.digest().value())
        .set("VocDemandJobs", voc.demandJobs())
        .set("VocNodesIdle", voc.queued().size() + voc.submitted())
        .set("VocNodesRunning", voc.ready().size() + voc.booting() + voc.leaving())
        .set("VocNodesBooting", voc.booting())
        .set("VocNodesJoined", voc.ready().size() + voc.leaving())
        .set("VocNodesHeld", voc.held().size())
        .set("VocDecision", decision.verdict().published())
        .set("VocReason", note.isEmpty() ? decision.reason() : decision.reason() + "; " + note)
        .build();
  }

  /** The ad of a definition that has faults; it names no image, so that no host fetches one. */
  static ClassAd broken(String name, List<String> problems, String accessPoint, long heartbeat) {
    return named(name, accessPoint, heartbeat)
        .set("VocDecision", Decision.Verdict.BROKEN.published())
        .set("VocReason", String.join("; ", problems))
        .build();
  }

  static String nameOf(String voc, String accessPoint) {
    return voc + "@" + accessPoint;
  }

  private static ClassAd.Builder named(String voc, String accessPoint, long heartbeat) {
    return ClassAd.builder()
        .set("MyType", "VOC")
        .set("Name", nameOf(voc, accessPoint))
        .set("Voc", voc)
        .set("VocAccessPoint", accessPoint)
        .set("VocHeartbeat", heartbeat);
  }
}
