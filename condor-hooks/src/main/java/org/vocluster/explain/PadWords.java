package org.vocluster.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.condor.Counted;
import org.vocluster.sizing.standing.PadStanding;

/**
 * Says what keeps PAD hosts from taking a node job: in short for all, then for each host, then what
 * would bring the nearest of them to take it. {@link PadHosts} has judged them.
 */
final class PadWords {
  private static final int DIGEST_SHOWN = 12;
  private static final int HOSTS_SHOWN = 5;

  private final TimeWords time;
  private final RejectionWords rejections;

  PadWords(TimeWords time) {
    this.time = time;
    this.rejections = new RejectionWords(time);
  }

  /** Node jobs that wait for a PAD slot. */
  Sentence of(Reason.NodeQueued queued) {
    String waits =
        Counted.of(queued.count(), "node job")
            + " of VOC "
            + queued.voc()
            + (queued.count() == 1 ? " waits" : " wait")
            + " for a PAD slot";
    Reason.QueuedNode oldest = queued.oldest();
    List<String> details = new ArrayList<>();
    details.add(
        (queued.count() == 1 ? "" : "the oldest: ")
            + "node job "
            + oldest.jobId()
            + " (node "
            + oldest.node()
            + ")"
            + oldest.since().map(t -> ", queued since " + time.moment(t)).orElse(""));
    return switch (queued.hosts()) {
      case Reading.Unknown<Map<String, PadVerdict>> unknown -> new Sentence(waits, details, "");
      case Reading.Known<Map<String, PadVerdict>>(Map<String, PadVerdict> hosts)
          when hosts.isEmpty() ->
          new Sentence(
              waits + "; no PAD host is in the pool",
              details,
              "the administrator installs voc-pad on execution hosts and looks at `condor_status"
                  + " -constraint 'VocDomain == \"PAD\"'`");
      case Reading.Known<Map<String, PadVerdict>>(Map<String, PadVerdict> hosts) -> {
        boolean taken = hosts.values().stream().anyMatch(v -> v instanceof PadVerdict.Takes);
        details.addAll(hostByHost(hosts, oldest.image()));
        yield new Sentence(
            waits + "; " + inShort(hosts) + (taken ? rejections.said(queued.rejection()) : ""),
            details,
            remedy(hosts, queued.rejection()));
      }
    };
  }

  /** A line for each thing that hosts have in common. */
  private static List<String> hostByHost(Map<String, PadVerdict> hosts, String image) {
    Map<String, List<String>> alike = new LinkedHashMap<>();
    hosts.forEach(
        (host, verdict) ->
            alike.computeIfAbsent(said(verdict, image), said -> new ArrayList<>()).add(host));
    List<String> lines = new ArrayList<>();
    alike.forEach(
        (said, names) ->
            lines.add(
                names.stream().limit(HOSTS_SHOWN).collect(Collectors.joining(", "))
                    + (names.size() > HOSTS_SHOWN
                        ? " and " + (names.size() - HOSTS_SHOWN) + " more"
                        : "")
                    + ": "
                    + said));
    return lines;
  }

  private static String inShort(Map<String, PadVerdict> hosts) {
    int all = hosts.size();
    long takes = hosts.values().stream().filter(v -> v instanceof PadVerdict.Takes).count();
    if (takes > 0) {
      return (all == 1 ? "the one PAD host" : takes + " of " + all + " PAD hosts")
          + " would take it now: the negotiator has to match them";
    }
    long full = hosts.values().stream().filter(v -> v instanceof PadVerdict.Full).count();
    if (full > 0) {
      return "other jobs fill "
          + (full == all
              ? (all == 1 ? "the one PAD host" : "all " + all + " PAD hosts")
              : "the "
                  + (full == 1 ? "one" : Long.toString(full))
                  + " of "
                  + all
                  + " PAD hosts that could run it");
    }
    return (all == 1
        ? "the one PAD host cannot run it"
        : "none of " + all + " PAD hosts can run it");
  }

  private static String said(PadVerdict verdict, String image) {
    return switch (verdict) {
      case PadVerdict.NotAdvertising(boolean young) ->
          young
              ? "has not said anything of VOC since HTCondor started there"
              : "VOC's advertising does not run there (STARTD_CRON_JOBLIST lacks VOC_PAD, or it"
                  + " fails)";
      case PadVerdict.VoNotAccepted(String accepted) ->
          "takes no nodes of this VO (VOC_VOS is "
              + (accepted.isEmpty() ? "empty" : accepted)
              + ")";
      case PadVerdict.NoKvm(String reason) ->
          "the VOC demands KVM, which does not work there"
              + (reason.isEmpty() ? "" : ": " + reason);
      case PadVerdict.Avoided() -> "is avoided, because nodes failed there lately";
      case PadVerdict.NoImage(String said, String progress) ->
          "does not hold image "
              + image.substring(0, Math.min(DIGEST_SHOWN, image.length()))
              + "…"
              + (progress.isEmpty() ? "" : " yet, and fetches: " + progress)
              + (said.isEmpty() ? (progress.isEmpty() ? " yet" : "") : ": " + said);
      case PadVerdict.TooSmall(List<Shortfall> shortfalls) ->
          "is too small: " + ConditionWords.said(shortfalls, "there");
      case PadVerdict.Refused(List<Condition> refusing) ->
          refusing.stream().map(ConditionWords::said).collect(Collectors.joining("; "));
      case PadVerdict.Full(List<Shortfall> shortfalls, List<String> users) ->
          "is full"
              + (users.isEmpty() ? "" : " of jobs of " + String.join(", ", users))
              + (shortfalls.isEmpty() ? "" : ": " + ConditionWords.said(shortfalls, "left"));
      case PadVerdict.Takes(boolean guarded) ->
          guarded
              ? "would take it"
              : "would take it, but its START lacks VOC_PAD_START and lets in what is no VO's";
    };
  }

  private static String remedy(
      Map<String, PadVerdict> hosts, Optional<Reason.Rejection> rejection) {
    if (hosts.values().stream().anyMatch(v -> v instanceof PadVerdict.Takes)) {
      return RejectionWords.remedy(rejection);
    }
    if (hosts.values().stream().anyMatch(v -> v instanceof PadVerdict.Full)) {
      return "";
    }
    Map.Entry<String, PadVerdict> nearest =
        hosts.entrySet().stream()
            .max(Comparator.comparingInt(host -> PadHosts.hope(host.getValue())))
            .orElseThrow();
    return switch (nearest.getValue()) {
      case PadVerdict.NotAdvertising v ->
          "the administrator looks which file assigns STARTD_CRON_JOBLIST, with "
              + PadStanding.Fault.NO_ADVERTISING.look(nearest.getKey())
              + ": it is to be $(STARTD_CRON_JOBLIST) and the site's own names; if VOC_PAD is in"
              + " it, StartLog there says what became of it";
      case PadVerdict.NoImage v ->
          "the administrator checks the definition's Image and the hosts' VOC_IMAGE_URLS, or places"
              + " it with `voc image add`";
      case PadVerdict.TooSmall v ->
          "the administrator makes the VOC's nodes smaller, or adds larger PAD hosts";
      case PadVerdict.NoKvm v ->
          "the administrator mends KVM on the hosts, or sets Accelerator = \"auto\" in the"
              + " definition";
      case PadVerdict.VoNotAccepted v -> "the administrator adds the VO to VOC_VOS of PAD hosts";
      case PadVerdict.Avoided v ->
          "the administrator finds out why nodes fail there: `voc plan` says what happened, and"
              + " when it is tried again";
      case PadVerdict.Refused v -> "ask `condor_q -better-analyze` about the node job";
      case PadVerdict.Full v -> "";
      case PadVerdict.Takes v -> "";
    };
  }
}
