package org.vocluster.sizing.decision;

import java.util.List;
import java.util.Optional;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.history.BreakerAds;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.vm.definition.VocName;

/**
 * What a sizer has said of a VOC in the collector.
 *
 * @param accessPoint the sizer's host
 * @param heartbeat when it said so, in seconds since 1970
 * @param schedds the schedds whose jobs it serves
 * @param breakers those that were open or half-open then
 */
public record PublishedVoc(
    VocName voc,
    String accessPoint,
    long heartbeat,
    ServedSchedds schedds,
    List<Breaker> breakers) {
  public PublishedVoc {
    breakers = List.copyOf(breakers);
  }

  /**
   * What these VOC ads say, as the collector gave them. One whose VOC has a name that no definition
   * could have is no sizer's word.
   */
  public static List<PublishedVoc> all(List<ClassAd> ads) {
    return ads.stream().map(PublishedVoc::of).flatMap(Optional::stream).toList();
  }

  private static Optional<PublishedVoc> of(ClassAd ad) {
    String voc = Ads.text(ad, Attr.VOC);
    if (!VocName.isValid(voc)) {
      return Optional.empty();
    }
    String accessPoint = Ads.text(ad, Attr.ACCESS_POINT);
    return Optional.of(
        new PublishedVoc(
            new VocName(voc),
            accessPoint,
            ad.integer(Attr.HEARTBEAT).orElse(0),
            ServedSchedds.of(ad.string(Attr.SCHEDDS).orElse(accessPoint)),
            BreakerAds.read(ad.evaluate(Attr.BREAKERS))));
  }
}
