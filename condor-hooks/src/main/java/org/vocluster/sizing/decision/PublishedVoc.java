package org.vocluster.sizing.decision;

import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.history.BreakerAds;
import org.vocluster.sizing.reading.ServedSchedds;

/**
 * What a sizer has said of a VOC in the collector.
 *
 * @param accessPoint the sizer's host
 * @param heartbeat when it said so, in seconds since 1970
 * @param schedds the schedds whose jobs it serves
 * @param breakers those that were open or half-open then
 */
public record PublishedVoc(
    String voc, String accessPoint, long heartbeat, ServedSchedds schedds, List<Breaker> breakers) {
  public PublishedVoc {
    breakers = List.copyOf(breakers);
  }

  /** What these VOC ads say, as the collector gave them. */
  public static List<PublishedVoc> all(List<ClassAd> ads) {
    return ads.stream().map(PublishedVoc::of).toList();
  }

  private static PublishedVoc of(ClassAd ad) {
    String accessPoint = Ads.text(ad, Attr.ACCESS_POINT);
    return new PublishedVoc(
        Ads.text(ad, Attr.VOC),
        accessPoint,
        ad.integer(Attr.HEARTBEAT).orElse(0),
        ServedSchedds.of(ad.string(Attr.SCHEDDS).orElse(accessPoint)),
        BreakerAds.read(ad.evaluate(Attr.BREAKERS)));
  }
}
