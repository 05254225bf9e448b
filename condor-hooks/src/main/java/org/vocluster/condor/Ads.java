package org.vocluster.condor;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.LongForm;

/** Ads as HTCondor's tools print them with {@code -long}: an empty line between two. */
public final class Ads {
  private Ads() {}

  /** All ads in the text, in its order. */
  public static List<ClassAd> inLongForm(String text) throws ClassAdSyntaxException {
    List<ClassAd> ads = new ArrayList<>();
    for (String one : Splitter.on("\n\n").split(text)) {
      if (!one.isBlank()) {
        ads.add(LongForm.parse(one));
      }
    }
    return ads;
  }
}
