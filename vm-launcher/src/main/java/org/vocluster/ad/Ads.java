package org.vocluster.ad;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;

/** Ads as HTCondor's tools print them, and what is absent in them. */
public final class Ads {
  private Ads() {}

  /** A string attribute; on the wire an empty one means none, and so does an absent one. */
  public static String text(ClassAd ad, String attribute) {
    return ad.string(attribute).orElse("");
  }

  /**
   * All ads in a text, in its order, as tools print them with {@code -long}: an empty line between
   * two.
   *
   * @throws ClassAdSyntaxException if one of them cannot be read
   */
  public static List<ClassAd> inLongForm(String text) throws ClassAdSyntaxException {
    List<ClassAd> ads = new ArrayList<>();
    try (LongForm.StreamReader reader = reader(text)) {
      for (LongForm.Item item = reader.next(); item != null; item = reader.next()) {
        if (item.fault() != null) {
          throw item.fault();
        }
        if (!item.ad().isEmpty()) {
          ads.add(item.ad());
        }
      }
      return ads;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** The same without those that cannot be read: one sender's fault must not hide the others. */
  public static List<ClassAd> goodInLongForm(String text) {
    List<ClassAd> ads = new ArrayList<>();
    try (LongForm.StreamReader reader = reader(text)) {
      for (ClassAd ad = reader.nextGood(); ad != null; ad = reader.nextGood()) {
        ads.add(ad);
      }
      return ads;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static LongForm.StreamReader reader(String text) {
    return LongForm.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Language.CONDOR_23_9);
  }
}
