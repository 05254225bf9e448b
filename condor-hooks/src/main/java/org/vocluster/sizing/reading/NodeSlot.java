package org.vocluster.sizing.reading;

import java.time.Instant;
import java.util.Optional;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.Resources;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocName;

/**
 * A slot that a node's startd advertises.
 *
 * @param kind of what VOC and of what shape of it the node is
 * @param free what it still offers; {@link Resources#NONE} if it is busy
 * @param claimed whether a schedd holds it (or, for a dynamic slot, it exists at all)
 * @param whole total of the machine if this slot can be split, else {@link Resources#NONE}
 * @param takesJobsUntil when its START stops being true; {@link Instant#MAX} if never
 * @param draining whether it was told to take no more jobs
 */
public record NodeSlot(
    NodeId node,
    VocShape kind,
    Resources free,
    boolean claimed,
    Resources whole,
    Instant takesJobsUntil,
    boolean draining) {

  /**
   * As the collector gave it; empty for an ad that says of no node that it is its own. A node's ads
   * are the words of whoever is root in it: one with a name that no definition could have is
   * nobody's.
   */
  public static Optional<NodeSlot> of(ClassAd ad) {
    String node = Ads.text(ad, Attr.NODE);
    String voc = Ads.text(ad, Attr.VOC);
    String shape = ad.string(Attr.SHAPE).orElse(ShapeName.DEFAULT.value());
    if (!NodeId.isValid(node) || !VocName.isValid(voc) || !ShapeName.isValid(shape)) {
      return Optional.empty();
    }
    boolean splits = ad.bool(CondorAttr.PARTITIONABLE_SLOT).orElse(false);
    String state = Ads.text(ad, CondorAttr.STATE);
    boolean claimed = state.equals("Claimed");
    // A claim without a job is about to get one, or free for the next: both take an idle job.
    boolean free = splits || !claimed || Ads.text(ad, CondorAttr.ACTIVITY).equals("Idle");
    return Optional.of(
        new NodeSlot(
            new NodeId(node),
            new VocShape(new VocName(voc), new ShapeName(shape)),
            free ? Resources.offered(ad) : Resources.NONE,
            claimed && !splits,
            splits ? Resources.whole(ad) : Resources.NONE,
            ad.integer(Attr.DEATH_TIME).stream()
                .mapToObj(AdTime::of)
                .findFirst()
                .orElse(Instant.MAX),
            state.equals("Drained") || state.equals("Owner")));
  }

  public boolean takesJobs(Instant now) {
    return !draining && now.isBefore(takesJobsUntil);
  }
}
