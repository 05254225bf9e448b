package org.vocluster.explain;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Value;
import org.vocluster.sizing.demand.ClauseAnalysis;
import org.vocluster.sizing.demand.Deferral;
import org.vocluster.vm.os.Printable;

/** Says reasons in sentences for people. Pure. */
public final class Words {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MM/dd HH:mm:ss");
  private static final int DIGEST_SHOWN = 12;
  private static final int HOSTS_SHOWN = 5;
  private static final int NODES_SHOWN = 3;
  private static final int EXPRESSION_SHOWN = 300;
  private static final int VALUE_SHOWN = 80;

  /**
   * A reason in words.
   *
   * @param says what is the case, without a full stop
   * @param details further lines, such as one for each host
   * @param remedy what to do about it, or empty where waiting is all there is to do
   */
  record Sentence(String says, List<String> details, String remedy) {
    Sentence {
      details = List.copyOf(details);
    }

    static Sentence of(String says) {
      return new Sentence(says, List.of(), "");
    }

    static Sentence of(String says, String remedy) {
      return new Sentence(says, List.of(), remedy);
    }
  }

  private final Instant now;
  private final ZoneId zone;

  /**
   * @param now for how long ago something was
   * @param zone in which times of day are said
   */
  public Words(Instant now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  /** The whole explanation. */
  public String of(Explanation explanation, boolean verbose) {
    StringBuilder text = new StringBuilder();
    text.append(head(explanation)).append('\n');
    for (Reason reason : explanation.reasons()) {
      Sentence sentence = sentence(reason);
      text.append("  ").append(sentence.says()).append('\n');
      for (String detail : sentence.details()) {
        text.append("      ").append(detail).append('\n');
      }
      if (!sentence.remedy().isEmpty()) {
        text.append("    -> ").append(sentence.remedy()).append('\n');
      }
    }
    if (verbose) {
      for (Explanation.ConditionTable table : explanation.conditions()) {
        text.append('\n').append(of(table));
      }
    }
    return text.toString();
  }

  private String head(Explanation explanation) {
    StringBuilder text = new StringBuilder("job ").append(explanation.job());
    if (!explanation.owner().isEmpty()) {
      text.append(" of ").append(explanation.owner());
    }
    if (!explanation.vo().isEmpty()) {
      text.append(", VO ").append(explanation.vo());
    }
    if (!explanation.vocs().isEmpty()) {
      text.append(", VOC ").append(String.join(" or ", explanation.vocs()));
    }
    text.append(": ").append(explanation.state());
    explanation.since().ifPresent(since -> text.append(" since ").append(moment(since)));
    return text.toString();
  }

  private String of(Explanation.ConditionTable table) {
    StringBuilder text =
        new StringBuilder("  conditions between the job and an empty node of ")
            .append(vocAndShape(table.voc(), table.shape()))
            .append(":\n");
    for (Condition condition : table.conditions()) {
      text.append(
          "    %-9s  %-4s  %s%n"
              .formatted(condition.clause().value(), condition.side(), expression(condition)));
      String seen = seen(condition);
      if (!seen.isEmpty()) {
        text.append("                     ").append(seen).append('\n');
      }
    }
    return text.toString();
  }

  /** One reason. */
  Sentence sentence(Reason reason) {
    return switch (reason) {
      case Reason.NoSuchJob(String accessPoint, String historyUnknown) ->
          Sentence.of(
              "it is neither in the queue of "
                  + accessPoint
                  + (historyUnknown.isEmpty()
                      ? " nor in its history"
                      : "; the history could not be read: " + historyUnknown),
              "check the number; `condor_q -allusers` on the access point it was submitted to lists"
                  + " what is queued there");
      case Reason.Completed(Optional<Instant> at, String how, String host) ->
          Sentence.of(
              "it ran to its end"
                  + at.map(t -> " at " + moment(t)).orElse("")
                  + " with "
                  + how
                  + (host.isEmpty() ? "" : ", last on " + host));
      case Reason.Removed(Optional<Instant> at, String why) ->
          Sentence.of(
              "it was removed"
                  + at.map(t -> " at " + moment(t)).orElse("")
                  + (why.isEmpty() ? "" : ": " + why));
      case Reason.OnHold(Optional<Instant> since, String why) ->
          Sentence.of(
              "it is on hold: " + why, "mend that, then `condor_release` it, or `condor_rm` it");
      case Reason.Spooling() ->
          Sentence.of("its input files are still being sent to the access point");
      case Reason.RunsInNode(String node, String voc, String padHost, Optional<Instant> since) ->
          Sentence.of(
              "it runs in node "
                  + node
                  + " of VOC "
                  + voc
                  + (padHost.isEmpty() ? "" : " on PAD host " + padHost)
                  + since.map(t -> " since " + moment(t)).orElse(""));
      case Reason.RunsElsewhere(String host, Optional<Instant> since) ->
          Sentence.of(
              "it runs on "
                  + host
                  + since.map(t -> " since " + moment(t)).orElse("")
                  + ", which is no node of a VOC");
      case Reason.NodeInPool(String node, String host, Optional<Instant> since) ->
          Sentence.of(
              "it is node "
                  + node
                  + ", which runs on "
                  + host
                  + since.map(t -> " since " + moment(t)).orElse("")
                  + " and is in the pool");
      case Reason.NotInVo(String owner, String usersMap) ->
          Sentence.of(
              "it is not a VO's job: user "
                  + owner
                  + " was in no VO of this access point when it was submitted, so no VOC node will"
                  + " run it",
              "ask the administrator to add the user to "
                  + usersMap
                  + " (a line `* "
                  + owner
                  + " VO`) and condor_reconfig, then submit it anew; for ordinary machines ask"
                  + " `condor_q -better-analyze`");
      case Reason.OtherUniverse(int universe) ->
          Sentence.of(
              "it is of universe " + universe + ", and VOC nodes run vanilla jobs (5) only",
              "submit it with `universe = vanilla`");
      case Reason.NotYet(Instant until, Deferral.Why why) ->
          Sentence.of("it is not to run before " + clock(until) + ": " + said(why));
      case Reason.NoDefinition(String vo) ->
          Sentence.of(
              "no valid VOC definition is registered for VO " + vo,
              "ask the administrator for one (`voc register`)");
      case Reason.BrokenDefinition(String name, List<String> problems) ->
          new Sentence(
              "definition "
                  + name
                  + " has faults and serves nobody; whether it is for this VO cannot be told",
              problems,
              "ask the administrator to mend and register it anew (`voc check` names all faults)");
      case Reason.TooLarge(String voc, String shape, List<Shortfall> shortfalls) ->
          Sentence.of(
              "it asks for more than a node of "
                  + vocAndShape(voc, shape)
                  + " offers: "
                  + said(shortfalls, "offered"),
              "lower "
                  + shortfalls.stream()
                      .map(s -> s.resource().submitCommand())
                      .collect(Collectors.joining(", "))
                  + ", or ask the administrator for a larger node");
      case Reason.Mismatch(String voc, String shape, List<Condition> refusing) ->
          mismatch(vocAndShape(voc, shape), refusing);
      case Reason.NodeHasRoom(List<String> nodes, Optional<Reason.Rejection> rejection) ->
          Sentence.of(
              (nodes.size() == 1 ? "node " : nodes.size() + " nodes: ")
                  + names(nodes)
                  + (nodes.size() == 1 ? " has" : " have")
                  + " room for it: the negotiator has to match them"
                  + rejection(rejection),
              rejection.map(r -> remedyOf(r.why())).orElse(""));
      case Reason.Booting(List<Reason.BootingNode> nodes) -> booting(nodes);
      case Reason.NodeQueued queued -> queued(queued);
      case Reason.NodesHeld(String voc, int count, String example, String why) ->
          Sentence.of(
              count(count, "node job")
                  + " of VOC "
                  + voc
                  + (count == 1 ? " is" : " are")
                  + " on hold ("
                  + example
                  + "): "
                  + why,
              "the administrator has to mend that, then `condor_release " + example + "`");
      case Reason.Decided(String voc, String decision, String why, Optional<Instant> at) ->
          Sentence.of(
              "sizing of VOC "
                  + voc
                  + " says "
                  + decision
                  + at.map(t -> " (" + ago(t) + ")").orElse("")
                  + ": "
                  + why,
              remedyOfDecision(decision));
      case Reason.NodesFailed(String voc, String what) ->
          Sentence.of(
              "nodes of VOC " + voc + " failed lately: " + what, remedyOfDecision("paused"));
      case Reason.NodeConsole(String node, String host) ->
          Sentence.of(
              "the end of its node's console is in "
                  + host
                  + ":/var/lib/voc/consoles/"
                  + node
                  + ".log, if it is one of the last there, and of a node that never joined in"
                  + " voc-consoles beside the SchedLog here");
      case Reason.NodesBusy(String voc, long nodes) ->
          Sentence.of(
              count(nodes, "node")
                  + " of VOC "
                  + voc
                  + (nodes == 1 ? " is in the pool and has" : " are in the pool and have")
                  + " no room for it now; sizing counts on one of them");
      case Reason.SizingSilent(String accessPoint, Optional<Instant> lastSeen) ->
          Sentence.of(silent(accessPoint, lastSeen), SILENT_REMEDY);
      case Reason.SizingTroubled(String accessPoint, String why) ->
          Sentence.of(
              "sizing on " + accessPoint + " cannot trust what it reads: " + why,
              "the administrator finds more in VocSizeLog beside the SchedLog");
      case Reason.NotSeenYet() ->
          Sentence.of(
              "sizing has not said anything about it yet; it looks at the queue several times a"
                  + " second, so ask again");
      case Reason.Unread(String what, String why) ->
          Sentence.of("not known, so this may not be all: " + what + ": " + why);
    };
  }

  private static final String SILENT_REMEDY =
      "the administrator looks whether the size hook runs (SCHEDD_CRON VOC_SIZE; VocSizeLog beside"
          + " the SchedLog); a schedd reads its cron jobs only at its start";

  /** Whether sizing cannot be running any more if this is when it was last heard of. */
  public boolean isSilent(Instant lastSeen) {
    return lastSeen.plus(Explainer.SILENT_AFTER).isBefore(now);
  }

  /** That nothing was heard of sizing for long. */
  public String silent(String accessPoint, Optional<Instant> lastSeen) {
    return "sizing does not run on "
        + accessPoint
        + (lastSeen.isPresent()
            ? ": it was last heard of at " + moment(lastSeen.get())
            : ": nothing was ever heard of it")
        + ", so no node is asked for";
  }

  private static String said(Deferral.Why why) {
    return switch (why) {
      case COOL_DOWN -> "it cools down after a start that failed";
      case DEFERRED_START -> "its start is deferred";
    };
  }

  private static Sentence mismatch(String nodes, List<Condition> refusing) {
    boolean jobs = refusing.stream().anyMatch(c -> c.side() == Condition.Side.JOB);
    return new Sentence(
        jobs
            ? "its Requirements refuse every node of " + nodes + ":"
            : "the nodes of " + nodes + " refuse it (START):",
        refusing.stream().map(Words::said).toList(),
        jobs
            ? "mend `requirements` in the submit file, or Requirements of the queued job with"
                + " `condor_qedit`"
            : "ask the administrator of the VO's image what its START wants");
  }

  private static String said(Condition condition) {
    String seen = seen(condition);
    return expression(condition)
        + " is "
        + condition.clause().value()
        + (seen.isEmpty() ? "" : " where " + seen);
  }

  private static String expression(Condition condition) {
    return Printable.of(LongForm.print(condition.clause().expression()).strip(), EXPRESSION_SHOWN);
  }

  private static String seen(Condition condition) {
    Set<String> unscoped = condition.clause().expression().mentions().free();
    return condition.clause().sees().stream()
        .map(seen -> seen(condition.side(), seen, unscoped.contains(seen.name())))
        .collect(Collectors.joining(", "));
  }

  private static String seen(Condition.Side side, ClauseAnalysis.Seen seen, boolean unscoped) {
    if (seen.value() instanceof Value.Undefined) {
      return unscoped
          ? "neither job nor slot has " + seen.name()
          : "the " + side.owner(seen.side()) + " has no " + seen.name();
    }
    return "the "
        + side.owner(seen.side())
        + "'s "
        + seen.name()
        + " is "
        + Printable.of(seen.value().toString(), VALUE_SHOWN);
  }

  private Sentence booting(List<Reason.BootingNode> nodes) {
    List<String> details =
        nodes.stream()
            .limit(NODES_SHOWN)
            .map(
                node ->
                    node.node()
                        + " on "
                        + node.host()
                        + node.since().map(t -> " since " + moment(t)).orElse("")
                        + ", node job "
                        + node.jobId())
            .collect(Collectors.toCollection(ArrayList::new));
    if (nodes.size() > NODES_SHOWN) {
      details.add("and " + (nodes.size() - NODES_SHOWN) + " more");
    }
    String host = nodes.getFirst().host();
    return new Sentence(
        count(nodes.size(), "node")
            + (nodes.size() == 1 ? " boots" : " boot")
            + " and will take jobs when in the pool",
        details,
        "a node that never comes: its console is in "
            + (host.isEmpty() ? "the PAD host" : host)
            + ":/var/lib/voc/consoles/running while it runs, and its end above that when it has"
            + " ended");
  }

  private Sentence queued(Reason.NodeQueued queued) {
    String waits =
        count(queued.count(), "node job")
            + " of VOC "
            + queued.voc()
            + (queued.count() == 1 ? " waits" : " wait")
            + " for a PAD slot";
    List<String> details = new ArrayList<>();
    details.add(
        (queued.count() == 1 ? "" : "the oldest: ")
            + "node job "
            + queued.example()
            + " (node "
            + queued.node()
            + ")"
            + queued.since().map(t -> ", queued since " + moment(t)).orElse(""));
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
        details.addAll(hostByHost(hosts, queued.image()));
        yield new Sentence(
            waits + "; " + inShort(hosts) + (taken ? rejection(queued.rejection()) : ""),
            details,
            remedyOf(hosts, queued.rejection()));
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
          "is too small: " + said(shortfalls, "there");
      case PadVerdict.Refused(List<Condition> refusing) ->
          refusing.stream().map(Words::said).collect(Collectors.joining("; "));
      case PadVerdict.Full(List<Shortfall> shortfalls, List<String> users) ->
          "is full"
              + (users.isEmpty() ? "" : " of jobs of " + String.join(", ", users))
              + (shortfalls.isEmpty() ? "" : ": " + said(shortfalls, "left"));
      case PadVerdict.Takes() -> "would take it";
    };
  }

  private static String remedyOf(
      Map<String, PadVerdict> hosts, Optional<Reason.Rejection> rejection) {
    if (hosts.values().stream().anyMatch(v -> v instanceof PadVerdict.Takes)) {
      return rejection.map(r -> remedyOf(r.why())).orElse("");
    }
    if (hosts.values().stream().anyMatch(v -> v instanceof PadVerdict.Full)) {
      return "";
    }
    PadVerdict nearest =
        hosts.values().stream().max(Comparator.comparingInt(PadHosts::hope)).orElseThrow();
    return switch (nearest) {
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

  private String rejection(Optional<Reason.Rejection> rejection) {
    return rejection
        .map(r -> ", which it refused " + ago(r.at()) + " (\"" + r.why() + "\")")
        .orElse("");
  }

  /** The negotiator's reasons ({@code matchmaker.cpp}) and what is behind them. */
  private static String remedyOf(String rejection) {
    if (rejection.startsWith("submitter limit") || rejection.startsWith("insufficient priority")) {
      return "others are served first: see `condor_userprio -allusers` for priorities and quotas";
    }
    if (rejection.startsWith("concurrency limit")) {
      return "the pool's limit is reached; wait, or ask the administrator";
    }
    if (rejection.startsWith("PREEMPTION_REQUIREMENTS")) {
      return "the slots are in use, and the pool's policy does not preempt what runs there";
    }
    return "wait for the next negotiation; `condor_reschedule` asks for one";
  }

  private static String remedyOfDecision(String decision) {
    return switch (decision) {
      case "maximum" ->
          "wait until a node has room, or ask the administrator for a higher MaxNodes";
      case "paused" ->
          "the administrator finds out why nodes fail: `voc log` and voc-consoles beside the"
              + " SchedLog on the access point, StarterLog and /var/lib/voc/consoles on the PAD"
              + " host";
      case "ramp" -> "wait: more are asked for as soon as these have started";
      case "held", "blocked", "broken" -> "the administrator has to mend that";
      default -> "";
    };
  }

  private static String said(List<Shortfall> shortfalls, String has) {
    return shortfalls.stream()
        .map(s -> s.asked() + " " + s.resource().unit() + " asked, " + s.offered() + " " + has)
        .collect(Collectors.joining("; "));
  }

  private static String names(List<String> nodes) {
    return nodes.stream().limit(NODES_SHOWN).collect(Collectors.joining(", "))
        + (nodes.size() > NODES_SHOWN ? ", …" : "");
  }

  private static String vocAndShape(String voc, String shape) {
    return "VOC " + voc + (shape.isEmpty() ? "" : " (shape " + shape + ")");
  }

  private static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** When it was and how long ago. */
  String moment(Instant at) {
    return clock(at) + " (" + ago(at) + ")";
  }

  /** A time of day with its date. */
  String clock(Instant at) {
    return STAMP.format(at.atZone(zone));
  }

  private String ago(Instant at) {
    return span(Duration.between(at, now)) + " ago";
  }

  /** A duration as people say it. */
  public static String span(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
  }
}
