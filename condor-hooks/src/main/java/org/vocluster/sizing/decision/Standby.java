package org.vocluster.sizing.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.vocluster.ad.AdTime;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.vm.definition.VocName;

/**
 * Which VOCs another sizer serves, so that this one stands by. Two sizers are at odds about a VOC
 * if both serve jobs of one schedd: then the one with more schedds leads, of two with as many the
 * one whose host comes first in the alphabet. Both come to the same answer from the same ads.
 */
public final class Standby {
  /** A sizer that has not been heard of for so long is gone. */
  private static final Duration GONE = Duration.ofSeconds(200);

  private Standby() {}

  /**
   * Tells which VOCs are another sizer's.
   *
   * @param accessPoint this sizer's host
   * @param schedds the schedds it serves
   * @return why it stands by, by VOC
   */
  public static Map<VocName, String> of(
      String accessPoint, ServedSchedds schedds, Collection<PublishedVoc> published, Instant now) {
    Map<VocName, String> reasons = new HashMap<>();
    published.stream()
        .filter(other -> !other.accessPoint().equals(accessPoint))
        .filter(other -> AdTime.of(other.heartbeat()).plus(GONE).isAfter(now))
        .filter(other -> schedds.meets(other.schedds()))
        .filter(other -> leads(other, accessPoint, schedds))
        .sorted(Comparator.comparing(PublishedVoc::accessPoint))
        .forEach(
            other ->
                reasons.putIfAbsent(
                    other.voc(),
                    "standing by: the sizer of "
                        + other.accessPoint()
                        + " serves this VOC (schedds "
                        + String.join(", ", other.schedds().names())
                        + ")"));
    return reasons;
  }

  private static boolean leads(PublishedVoc other, String accessPoint, ServedSchedds schedds) {
    int theirs = other.schedds().reach();
    int ours = schedds.reach();
    return theirs != ours ? theirs > ours : other.accessPoint().compareTo(accessPoint) < 0;
  }
}
