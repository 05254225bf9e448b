package org.vocluster.sizing.collector;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.HtCondor;
import org.vocluster.vm.os.CommandException;

/** Explains node jobs that stay queued because no PAD host holds their image. */
public final class PadImages {
  private static final List<String> ATTRIBUTES =
      List.of(CondorAttr.MACHINE, Attr.IMAGES, Attr.IMAGE_ERRORS);
  private static final int QUOTED_HOSTS = 3;
  private static final String SEPARATOR = "\n";

  private PadImages() {}

  /** What each PAD host says: its images, a line break, its errors about images. */
  static Map<String, String> ask(HtCondor condor) throws CommandException {
    return read(condor.slots(Constraints.pads(), ATTRIBUTES));
  }

  static Map<String, String> read(String longForm) {
    Map<String, String> result = new TreeMap<>();
    try {
      for (ClassAd ad : Ads.inLongForm(longForm)) {
        ad.string(CondorAttr.MACHINE)
            .ifPresent(
                host ->
                    result.put(
                        host,
                        Ads.text(ad, Attr.IMAGES) + SEPARATOR + Ads.text(ad, Attr.IMAGE_ERRORS)));
      }
    } catch (ClassAdSyntaxException e) {
      return Map.of();
    }
    return result;
  }

  /** Empty if some host holds the image. */
  public static String why(String image, Map<String, String> hosts) {
    if (hosts.isEmpty()) {
      return "no PAD host is in the pool (condor_status -constraint 'VocDomain == \"PAD\"' is empty)";
    }
    List<String> errors = new ArrayList<>();
    for (Map.Entry<String, String> host : hosts.entrySet()) {
      List<String> said = Splitter.on(SEPARATOR).limit(2).splitToList(host.getValue());
      if (Splitter.on(',').trimResults().splitToList(said.getFirst()).contains(image)) {
        return "";
      }
      if (!said.getLast().isEmpty() && errors.size() < QUOTED_HOSTS) {
        errors.add(host.getKey() + ": " + said.getLast());
      }
    }
    String none =
        "none of " + hosts.size() + " PAD hosts holds image " + image.substring(0, 12) + "…";
    return errors.isEmpty()
        ? none + " yet; they fetch it when their VOC_IMAGE_URLS allows its URL"
        : none + " (" + String.join("; ", errors) + ")";
  }
}
