package org.vocluster.explain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.JsonForm;
import org.vocluster.classad.Language;

/** The audit log of the size hook as lines for people, for {@code voc log}. Reads no file. */
public final class AuditTrail {
  private final TimeWords time;

  /**
   * @param zone in which times of day are said
   */
  public AuditTrail(Instant now, ZoneId zone) {
    this.time = new TimeWords(now, zone);
  }

  /**
   * Which lines are wanted.
   *
   * @param voc of this VOC only, or empty
   * @param node about this node only, or empty
   * @param since not before; {@link Instant#MIN} for all
   */
  public record Filter(String voc, String node, Instant since) {}

  /**
   * The wanted lines in words; what is no line of the log is left out and counted at the end.
   *
   * @param lines JSON objects, one a line
   */
  public List<String> inWords(Stream<String> lines, Filter filter) {
    List<String> result = new ArrayList<>();
    int[] torn = {0};
    lines
        .filter(line -> !line.isBlank())
        .forEach(
            line ->
                parse(line)
                    .ifPresentOrElse(
                        ad -> {
                          if (wanted(ad, filter)) {
                            result.add(said(ad));
                          }
                        },
                        () -> torn[0]++));
    if (torn[0] > 0) {
      result.add(torn[0] + (torn[0] == 1 ? " line is" : " lines are") + " damaged and left out");
    }
    return result;
  }

  private static Optional<ClassAd> parse(String line) {
    try {
      ClassAd ad = JsonForm.parse(line, Language.CONDOR_23_9);
      return time(ad).isPresent() ? Optional.of(ad) : Optional.empty();
    } catch (ClassAdSyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> time(ClassAd ad) {
    try {
      return ad.string("Time").map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean wanted(ClassAd ad, Filter filter) {
    return (filter.voc().isEmpty() || Ads.text(ad, Attr.VOC).equals(filter.voc()))
        && (filter.node().isEmpty()
            || List.of(ad.string("Nodes").orElse("").split(",", -1)).contains(filter.node()))
        && !time(ad).orElse(Instant.MIN).isBefore(filter.since());
  }

  private String said(ClassAd ad) {
    String nodes = ad.string("Nodes").orElse("").replace(",", ", ");
    return time.clock(time(ad).orElse(Instant.EPOCH))
        + "  "
        + ad.string(Attr.VOC).filter(voc -> !voc.isEmpty()).orElse("-")
        + "  "
        + ad.string("Action").orElse("?")
        + (nodes.isEmpty() ? "" : "  " + nodes)
        + ": "
        + ad.string("Reason").orElse("");
  }
}
