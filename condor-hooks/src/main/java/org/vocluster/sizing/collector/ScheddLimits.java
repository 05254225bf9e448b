package org.vocluster.sizing.collector;

import java.util.List;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.decision.ScheddRoom;

/**
 * What a schedd says in the collector of how many jobs it runs and may run. It does so every few
 * minutes; what it does not say is no limit.
 */
public record ScheddLimits(int maxRunning, int running) {
  /** Nothing is known. */
  public static final ScheddLimits NONE = new ScheddLimits(Integer.MAX_VALUE, 0);

  /**
   * Of the schedd's ad.
   *
   * @param ads the collector's answer; none if it does not know the schedd
   */
  public static ScheddLimits of(List<ClassAd> ads) {
    if (ads.isEmpty()) {
      return NONE;
    }
    ClassAd ad = ads.getFirst();
    return new ScheddLimits(
        bounded(ad.integer(CondorAttr.MAX_JOBS_RUNNING).orElse(Integer.MAX_VALUE)),
        bounded(ad.integer(CondorAttr.TOTAL_RUNNING_JOBS).orElse(0)));
  }

  private static int bounded(long number) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, number));
  }

  /**
   * The same with what only its configuration says.
   *
   * @param maxPerOwner see {@link ScheddRoom}
   */
  public ScheddRoom room(int maxPerOwner) {
    return new ScheddRoom(maxRunning, running, maxPerOwner);
  }
}
