package org.vocluster.sizing.collector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.standing.PadStanding;
import org.vocluster.vm.os.CommandException;

/**
 * Explains node jobs that stay queued because no PAD host holds their image. {@link CollectorWatch}
 * asks, the sizer's report says it; nothing is decided by it.
 */
public final class PadImages {
  private static final List<String> ATTRIBUTES =
      List.of(
          CondorAttr.MACHINE,
          CondorAttr.MY_CURRENT_TIME,
          Attr.HEARTBEAT,
          Attr.IMAGES,
          Attr.IMAGE_ERRORS);

  /** Of a host that nothing is known of. */
  private static final String NOT_ADVERTISING =
      "VOC's advertising does not run there: "
          + PadStanding.Fault.NO_ADVERTISING.knob()
          + " lacks "
          + PadStanding.Fault.NO_ADVERTISING.member();

  private static final int QUOTED_HOSTS = 3;

  private PadImages() {}

  /**
   * What a PAD host says of images.
   *
   * @param images SHA-256 of each that it holds
   * @param errors why it does not hold others, in words; empty if nothing failed
   */
  public record Held(Set<String> images, String errors) {
    public Held {
      images = Set.copyOf(images);
    }
  }

  /** What each PAD host says. */
  static Map<String, Held> ask(HtCondor condor) throws CommandException, ClassAdSyntaxException {
    return read(condor.slots(Constraints.pads(), ATTRIBUTES));
  }

  static Map<String, Held> read(String longForm) throws ClassAdSyntaxException {
    Map<String, Held> result = new TreeMap<>();
    for (ClassAd ad : Ads.inLongForm(longForm)) {
      ad.string(CondorAttr.MACHINE)
          .ifPresent(
              host ->
                  result.put(
                      host,
                      new Held(
                          names(Ads.text(ad, Attr.IMAGES)),
                          PadStanding.advertises(ad)
                              ? Ads.text(ad, Attr.IMAGE_ERRORS)
                              : NOT_ADVERTISING)));
    }
    return result;
  }

  private static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).collect(Collectors.toSet());
  }

  /** Empty if some host holds the image. */
  public static String why(String image, Map<String, Held> hosts) {
    if (hosts.isEmpty()) {
      return "no PAD host is in the pool (condor_status -constraint 'VocDomain == \"PAD\"' is empty)";
    }
    List<String> errors = new ArrayList<>();
    for (Map.Entry<String, Held> host : hosts.entrySet()) {
      Held held = host.getValue();
      if (held.images().contains(image)) {
        return "";
      }
      if (!held.errors().isEmpty() && errors.size() < QUOTED_HOSTS) {
        errors.add(host.getKey() + ": " + held.errors());
      }
    }
    String none =
        "none of " + hosts.size() + " PAD hosts holds image " + image.substring(0, 12) + "…";
    return errors.isEmpty()
        ? none + " yet; they fetch it when their VOC_IMAGE_URLS allows its URL"
        : none + " (" + String.join("; ", errors) + ")";
  }
}
