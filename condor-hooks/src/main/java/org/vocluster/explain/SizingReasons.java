package org.vocluster.explain;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.decision.Decision.Verdict;
import org.vocluster.sizing.standing.Missing;
import org.vocluster.sizing.standing.MissingAds;
import org.vocluster.sizing.standing.Standing;

/**
 * What sizing has published that holds a job back, and whether it is there at all. For {@link
 * Explainer}. Pure.
 */
final class SizingReasons {
  /** Decisions that let a VOC grow as its jobs need it. */
  private static final Set<Verdict> GOES_ON =
      EnumSet.of(Verdict.SUBMIT, Verdict.ENOUGH, Verdict.REMOVE);

  private final PoolFacts pool;
  private final List<ClassAd> vocs;

  SizingReasons(PoolFacts pool) {
    this.pool = pool;
    this.vocs = pool.sizing().vocs().orElse(List.of());
  }

  /** Whether anybody sizes here, and can; empty if so, or if it cannot be told. */
  Optional<Reason> silence() {
    if (!(pool.sizing().daemons() instanceof Reading.Known<List<ClassAd>>(List<ClassAd> daemons))) {
      return Optional.empty();
    }
    Optional<Instant> last = Optional.empty();
    Optional<ClassAd> schedd = Optional.empty();
    for (ClassAd ad : daemons) {
      if (ad.has(Attr.HEARTBEAT)) {
        schedd = Optional.of(ad);
        last = JobAd.time(ad, Attr.HEARTBEAT);
      }
    }
    for (ClassAd ad : vocs) {
      Optional<Instant> heard = JobAd.time(ad, Attr.HEARTBEAT);
      if (heard.isPresent() && (last.isEmpty() || heard.get().isAfter(last.get()))) {
        last = heard;
      }
    }
    if (last.isEmpty() || Reason.SizingSilent.isSilent(last.get(), pool.now())) {
      return Optional.of(new Reason.SizingSilent(pool.accessPoint(), last));
    }
    return schedd
        .filter(ad -> !ad.string(Attr.SIZER_STATE).orElse("ok").equals("ok"))
        .map(this::trouble);
  }

  private Reason trouble(ClassAd ad) {
    String why = Ads.text(ad, Attr.SIZER_REASON);
    if (!Ads.text(ad, Attr.SIZER_STATE).equals(Standing.UNSAFE)) {
      return new Reason.SizingTroubled(pool.accessPoint(), why);
    }
    List<Missing> stops =
        MissingAds.read(ad.evaluate(Attr.MISSING)).stream().filter(Missing::stops).toList();
    return new Reason.NobodyServed(pool.accessPoint(), stops, why);
  }

  /**
   * What was decided of a VOC, if that is why its nodes do not take this job.
   *
   * @param coming whether nodes are on their way
   */
  Optional<Reason> decided(String voc, ClassAd job, boolean coming) {
    // Of two sizers that serve a VOC one stands by: what the other says counts.
    ClassAd said =
        vocs.stream()
            .filter(ad -> Ads.text(ad, Attr.VOC).equals(voc))
            .min(Comparator.comparing(ad -> verdict(ad).equals(Optional.of(Verdict.STANDBY))))
            .orElse(null);
    if (said == null) {
      return Optional.empty();
    }
    Optional<Instant> at = JobAd.time(said, Attr.HEARTBEAT);
    String failed = Ads.text(said, Attr.BREAKER);
    if (verdict(said).filter(GOES_ON::contains).isEmpty()) {
      return Optional.of(
          new Reason.Decided(voc, Ads.text(said, Attr.DECISION), Ads.text(said, Attr.REASON), at));
    }
    if (coming) {
      return failed.isEmpty() ? Optional.empty() : Optional.of(new Reason.NodesFailed(voc, failed));
    }
    long joined = JobAd.number(said, Attr.NODES_JOINED);
    boolean seen =
        !at.orElse(Instant.EPOCH)
            .isBefore(JobAd.time(job, CondorAttr.ENTERED_CURRENT_STATUS).orElse(Instant.EPOCH));
    return joined > 0 && seen ? Optional.of(new Reason.NodesBusy(voc, joined)) : Optional.empty();
  }

  /** Whether it says no more than that node jobs are on hold, of which the queue tells better. */
  static boolean isOfHeld(Reason reason) {
    return reason instanceof Reason.Decided decided
        && Verdict.of(decided.decision()).equals(Optional.of(Verdict.HELD));
  }

  /** Empty for a word that only a newer sizer knows. */
  private static Optional<Verdict> verdict(ClassAd vocAd) {
    return Verdict.of(Ads.text(vocAd, Attr.DECISION));
  }
}
