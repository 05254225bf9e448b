package org.vocluster.sizing.standing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.os.Printable;

/**
 * What is missing as a list of ads in the schedd's: sizing writes it, whoever explains reads it.
 */
public final class MissingAds {
  /** An ad goes to every submitter's, too: what is said is to be bounded. */
  private static final int MOST = 12;

  private static final int MOST_TEXT = 300;

  private MissingAds() {}

  public static Expr write(Collection<Missing> missing) {
    String list =
        missing.stream()
            .limit(MOST)
            .map(each -> NewForm.print(ad(each)))
            .collect(Collectors.joining(", ", "{ ", " }"));
    try {
      return Expr.parse(list);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(list, e);
    }
  }

  private static ClassAd ad(Missing missing) {
    return ClassAd.builder()
        .set("Knob", printable(missing.knob()))
        .set("Where", printable(missing.where()))
        .set("Lacks", printable(missing.lacks()))
        .set("Source", printable(missing.source()))
        .set("Means", printable(missing.means()))
        .set("Remedy", printable(missing.remedy()))
        .set("Stops", missing.stops())
        .build();
  }

  /** What makes sense of it; anything else is nothing. It may come from anywhere. */
  public static List<Missing> read(Value value) {
    List<Missing> missing = new ArrayList<>();
    if (value instanceof Value.ListValue list) {
      for (Value element : list.values(EvalContext.DEFAULT)) {
        if (element instanceof Value.AdValue ad && missing.size() < MOST) {
          missing.add(missing(ad.ad()));
        }
      }
    }
    return missing;
  }

  private static Missing missing(ClassAd ad) {
    return new Missing(
        printable(Ads.text(ad, "Knob")),
        printable(Ads.text(ad, "Where")),
        printable(Ads.text(ad, "Lacks")),
        printable(Ads.text(ad, "Source")),
        printable(Ads.text(ad, "Means")),
        printable(Ads.text(ad, "Remedy")),
        ad.bool("Stops").orElse(false));
  }

  private static String printable(String text) {
    return Printable.of(text, MOST_TEXT);
  }
}
