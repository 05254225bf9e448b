package org.vocluster.hook;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.VoName;

/**
 * An image that a VOC ad in the collector asks for, or another file that its nodes start with.
 *
 * @param bootFile whether it is a kernel or an initrd, and not a disk
 */
record WantedImage(ImageDigest digest, String url, boolean bootFile) {
  /** What is looked at of a VOC ad. */
  static final List<String> ATTRIBUTES =
      List.of(
          Attr.VO,
          Attr.IMAGE,
          Attr.IMAGE_URL,
          Attr.KERNEL,
          Attr.KERNEL_URL,
          Attr.INITRD,
          Attr.INITRD_URL);

  private static final int MAX_IMAGES = 500;

  /** A disk. */
  WantedImage(ImageDigest digest, String url) {
    this(digest, url, false);
  }

  /**
   * The images that the VOCs of accepted VOs ask for, each digest once with each of its URLs. Ads
   * that cannot be read or are incomplete are passed over: one AP's fault must not keep the images
   * of others away.
   *
   * @param ads what {@code condor_status -long} printed: ads in long form, divided by empty lines
   */
  static List<WantedImage> of(String ads, AcceptedVos vos) {
    Set<WantedImage> out = new LinkedHashSet<>();
    for (ClassAd ad : Ads.goodInLongForm(ads)) {
      if (out.size() >= MAX_IMAGES) {
        break;
      }
      String vo = Ads.text(ad, Attr.VO);
      if (VoName.isValid(vo) && vos.accepts(new VoName(vo))) {
        add(out, ad, Attr.IMAGE, Attr.IMAGE_URL, false);
        add(out, ad, Attr.KERNEL, Attr.KERNEL_URL, true);
        add(out, ad, Attr.INITRD, Attr.INITRD_URL, true);
      }
    }
    return new ArrayList<>(out);
  }

  private static void add(
      Set<WantedImage> out, ClassAd ad, String name, String urlName, boolean bootFile) {
    String digest = Ads.text(ad, name);
    String url = Ads.text(ad, urlName);
    if (ImageDigest.isValid(digest) && !url.isEmpty()) {
      out.add(new WantedImage(new ImageDigest(digest), url, bootFile));
    }
  }
}
