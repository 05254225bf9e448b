package org.vocluster.sizing.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.ad.AdTime;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.definition.VocName;

/** Breakers as a list of ads, which keep them in the collector while the sizer is restarted. */
public final class BreakerAds {
  private BreakerAds() {}

  public static Expr write(Collection<Breaker> breakers) {
    String list =
        breakers.stream()
            .map(breaker -> NewForm.print(ad(breaker)))
            .collect(Collectors.joining(", ", "{ ", " }"));
    try {
      return Expr.parse(list);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(list, e);
    }
  }

  private static ClassAd ad(Breaker breaker) {
    return ClassAd.builder()
        .set("Scope", breaker.scope().text())
        .set("Key", breaker.key())
        .set("Failure", breaker.failure().text())
        .set("Of", breaker.voc().value())
        .set("Definition", breaker.definition())
        .set("Times", breaker.times())
        .set("Since", breaker.since().getEpochSecond())
        .set("Until", breaker.until().getEpochSecond())
        .set("What", breaker.what())
        .build();
  }

  /** What makes sense of it; anything else is nothing. */
  public static List<Breaker> read(Value value) {
    List<Breaker> breakers = new ArrayList<>();
    if (value instanceof Value.ListValue list) {
      for (Value element : list.values(EvalContext.DEFAULT)) {
        if (element instanceof Value.AdValue ad) {
          breaker(ad.ad()).ifPresent(breakers::add);
        }
      }
    }
    return breakers;
  }

  private static Optional<Breaker> breaker(ClassAd ad) {
    long times = ad.integer("Times").orElse(0);
    long since = ad.integer("Since").orElse(0);
    try {
      return times < 1
          ? Optional.empty()
          : Optional.of(
              new Breaker(
                  new Breaker.Cause(
                      Breaker.Scope.valueOf(constant(ad, "Scope")),
                      ad.string("Key").orElse(""),
                      Breaker.Failure.valueOf(constant(ad, "Failure"))),
                  new VocName(ad.string("Of").orElse("")),
                  ad.string("Definition").orElse(""),
                  (int) Math.min(times, 1000),
                  AdTime.of(since),
                  ad.string("What").orElse("")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String constant(ClassAd ad, String attribute) {
    return ad.string(attribute).orElse("").toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
