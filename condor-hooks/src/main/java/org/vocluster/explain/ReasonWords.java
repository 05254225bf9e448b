package org.vocluster.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.ad.Universe;
import org.vocluster.condor.Counted;
import org.vocluster.sizing.decision.Decision;
import org.vocluster.sizing.demand.Deferral;
import org.vocluster.sizing.standing.Missing;
import org.vocluster.vm.node.Paths;

/**
 * Says each reason in a sentence for people, and what to do about it. {@link Words} puts the
 * sentences together. It judges nothing: what is said stands in the reason.
 */
final class ReasonWords {
  private static final int NODES_SHOWN = 3;
  private static final String SILENT_REMEDY =
      "the administrator looks whether the size hook runs (SCHEDD_CRON VOC_SIZE; VocSizeLog beside"
          + " the SchedLog); a schedd reads its cron jobs only at its start";

  private final TimeWords time;
  private final RejectionWords rejections;
  private final PadWords pads;

  ReasonWords(TimeWords time) {
    this.time = time;
    this.rejections = new RejectionWords(time);
    this.pads = new PadWords(time);
  }

  /** One reason. */
  Sentence of(Reason reason) {
    return switch (reason) {
      case Reason.Gone gone -> gone(gone);
      case Reason.NotIdle notIdle -> notIdle(notIdle);
      case Reason.NoDemand noDemand -> noDemand(noDemand);
      case Reason.OfNodes ofNodes -> ofNodes(ofNodes);
      case Reason.OfSizing ofSizing -> ofSizing(ofSizing);
      case Reason.Unread(String what, String why) ->
          Sentence.of("not known, so this may not be all: " + what + ": " + why);
    };
  }

  private Sentence gone(Reason.Gone reason) {
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
                  + at.map(t -> " at " + time.moment(t)).orElse("")
                  + " with "
                  + how
                  + (host.isEmpty() ? "" : ", last on " + host));
      case Reason.Removed(Optional<Instant> at, String why) ->
          Sentence.of(
              "it was removed"
                  + at.map(t -> " at " + time.moment(t)).orElse("")
                  + (why.isEmpty() ? "" : ": " + why));
      case Reason.NodeConsole(String node, String host) ->
          Sentence.of(
              "the end of its node's console is in "
                  + host
                  + ":"
                  + Paths.CONSOLES
                  + "/"
                  + node
                  + ".log, if it is one of the last there, and of a node that never joined in"
                  + " voc-consoles beside the SchedLog here");
    };
  }

  private Sentence notIdle(Reason.NotIdle reason) {
    return switch (reason) {
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
                  + since.map(t -> " since " + time.moment(t)).orElse(""));
      case Reason.RunsOnAccessPoint(int universe, Optional<Instant> since) ->
          Sentence.of(
              "it runs on the access point itself"
                  + since.map(t -> " since " + time.moment(t)).orElse("")
                  + ", as jobs of the "
                  + Universe.nameOf(universe)
                  + " universe do");
      case Reason.RunsElsewhere(String host, Optional<Instant> since) ->
          Sentence.of(
              "it runs on "
                  + host
                  + since.map(t -> " since " + time.moment(t)).orElse("")
                  + ", which is no node of a VOC");
      case Reason.NodeInPool(String node, String host, Optional<Instant> since) ->
          Sentence.of(
              "it is node "
                  + node
                  + ", which runs on "
                  + host
                  + since.map(t -> " since " + time.moment(t)).orElse("")
                  + " and is in the pool");
    };
  }

  private Sentence noDemand(Reason.NoDemand reason) {
    return switch (reason) {
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
      case Reason.OutsideByChoice(String usersMap) ->
          Sentence.of(
              "it is an ordinary job by choice (VocVO \"none\", in the submit file or first in "
                  + usersMap
                  + "), so no VOC node will run it",
              "for ordinary machines ask `condor_q -better-analyze`; for nodes submit it with"
                  + " `+VocVO = \"NAME\"` of a VO that you are in");
      case Reason.OtherUniverse(int universe, boolean wantsNode) ->
          UniverseWords.of(universe, wantsNode);
      case Reason.NotYet(Instant until, Deferral.Why why) ->
          Sentence.of("it is not to run before " + time.clock(until) + ": " + said(why));
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
                  + ConditionWords.vocAndShape(voc, shape)
                  + " offers: "
                  + ConditionWords.said(shortfalls, "offered"),
              "lower "
                  + shortfalls.stream()
                      .map(s -> s.resource().submitCommand())
                      .collect(Collectors.joining(", "))
                  + ", or ask the administrator for a larger node");
      case Reason.TooLong tooLong -> tooLong(tooLong);
      case Reason.Untold untold -> untold(untold);
      case Reason.Mismatch(String voc, String shape, List<Condition> refusing, String shownBy) ->
          mismatch(ConditionWords.vocAndShape(voc, shape), refusing, shownBy);
    };
  }

  private static Sentence tooLong(Reason.TooLong reason) {
    return Sentence.of(
        "it may run for "
            + TimeWords.duration(reason.seconds())
            + ", longer than nodes of VOC "
            + reason.voc()
            + " live, which have time for jobs of "
            + TimeWords.duration(reason.longest())
            + ": no node is started for it",
        "if it runs for less, say so with `allowed_execute_duration` in the submit file, in"
            + " seconds; else let it do its work in parts, or ask the administrator for a"
            + " larger LifetimeSeconds");
  }

  private static Sentence untold(Reason.Untold reason) {
    return Sentence.of(
        "its Requirements ask for what only a node of "
            + ConditionWords.vocAndShape(reason.voc(), reason.shape())
            + " can show: "
            + String.join(", ", reason.attributes())
            + "; one node is started to see what its image has",
        "wait for it; the administrator can spare that with NodeAttributes in the definition"
            + " (voc-definition(5))");
  }

  private static String said(Deferral.Why why) {
    return switch (why) {
      case COOL_DOWN -> "it cools down after a start that failed";
      case DEFERRED_START -> "its start is deferred";
    };
  }

  private static Sentence mismatch(String nodes, List<Condition> refusing, String shownBy) {
    boolean jobs = refusing.stream().anyMatch(c -> c.side() == Condition.Side.JOB);
    List<String> details =
        refusing.stream()
            .map(ConditionWords::said)
            .collect(Collectors.toCollection(ArrayList::new));
    if (!shownBy.isEmpty()) {
      details.add("node " + shownBy + " of the same image has shown that it is so");
    }
    return new Sentence(
        jobs
            ? "its Requirements refuse every node of " + nodes + ":"
            : "the nodes of " + nodes + " refuse it (START):",
        details,
        jobs
            ? "mend `requirements` in the submit file, or Requirements of the queued job with"
                + " `condor_qedit`"
            : "ask the administrator of the VO's image what its START wants");
  }

  private Sentence ofNodes(Reason.OfNodes reason) {
    return switch (reason) {
      case Reason.NodeHasRoom(List<String> nodes, Optional<Reason.Rejection> rejection) ->
          Sentence.of(
              (nodes.size() == 1 ? "node " : nodes.size() + " nodes: ")
                  + names(nodes)
                  + (nodes.size() == 1 ? " has" : " have")
                  + " room for it: the negotiator has to match them"
                  + rejections.said(rejection),
              RejectionWords.remedy(rejection));
      case Reason.Booting(List<Reason.BootingNode> nodes) -> booting(nodes);
      case Reason.NodeQueued queued -> pads.of(queued);
      case Reason.NodesHeld(String voc, int count, String example, String why) ->
          Sentence.of(
              Counted.of(count, "node job")
                  + " of VOC "
                  + voc
                  + (count == 1 ? " is" : " are")
                  + " on hold ("
                  + example
                  + "): "
                  + why,
              "the administrator has to mend that, then `condor_release "
                  + example
                  + "`; sizing removes it after a while and tries again");
      case Reason.NodesBusy(String voc, long nodes) ->
          Sentence.of(
              Counted.of(nodes, "node")
                  + " of VOC "
                  + voc
                  + (nodes == 1 ? " is in the pool and has" : " are in the pool and have")
                  + " no room for it now; sizing counts on one of them");
    };
  }

  private static String names(List<String> nodes) {
    return nodes.stream().limit(NODES_SHOWN).collect(Collectors.joining(", "))
        + (nodes.size() > NODES_SHOWN ? ", …" : "");
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
                        + node.since().map(t -> " since " + time.moment(t)).orElse("")
                        + ", node job "
                        + node.jobId())
            .collect(Collectors.toCollection(ArrayList::new));
    if (nodes.size() > NODES_SHOWN) {
      details.add("and " + (nodes.size() - NODES_SHOWN) + " more");
    }
    String host = nodes.getFirst().host();
    return new Sentence(
        Counted.of(nodes.size(), "node")
            + (nodes.size() == 1 ? " boots" : " boot")
            + " and will take jobs when in the pool",
        details,
        "a node that never comes: its console is in "
            + (host.isEmpty() ? "the PAD host" : host)
            + ":"
            + Paths.CONSOLES
            + "/running while it runs, and its end above that when it has ended");
  }

  private Sentence ofSizing(Reason.OfSizing reason) {
    return switch (reason) {
      case Reason.Decided(String voc, String decision, String why, Optional<Instant> at) ->
          Sentence.of(
              "sizing of VOC "
                  + voc
                  + " says "
                  + decision
                  + at.map(t -> " (" + time.ago(t) + ")").orElse("")
                  + ": "
                  + why,
              Decision.Verdict.of(decision).map(ReasonWords::remedy).orElse(""));
      case Reason.NodesFailed(String voc, String what) ->
          Sentence.of(
              "nodes of VOC " + voc + " failed lately: " + what, remedy(Decision.Verdict.PAUSED));
      case Reason.SizingSilent(String accessPoint, Optional<Instant> lastSeen) ->
          Sentence.of(silent(accessPoint, lastSeen), SILENT_REMEDY);
      case Reason.NobodyServed(String accessPoint, List<Missing> missing, String why) ->
          new Sentence(
              "sizing on " + accessPoint + " asks for no nodes, for whatever VO",
              missing.isEmpty() ? List.of(why) : missing.stream().map(Missing::inWords).toList(),
              missing.isEmpty()
                  ? "the administrator finds more in VocSizeLog beside the SchedLog"
                  : "the administrator: " + missing.getFirst().remedy());
      case Reason.SizingTroubled(String accessPoint, String why) ->
          Sentence.of(
              "sizing on " + accessPoint + " cannot trust what it reads: " + why,
              "the administrator finds more in VocSizeLog beside the SchedLog");
      case Reason.NotSeenYet() ->
          Sentence.of(
              "sizing has not said anything about it yet; it looks at the queue several times a"
                  + " second, so ask again");
    };
  }

  /** That nothing was heard of sizing for long. */
  String silent(String accessPoint, Optional<Instant> lastSeen) {
    return "sizing does not run on "
        + accessPoint
        + (lastSeen.isPresent()
            ? ": it was last heard of at " + time.moment(lastSeen.get())
            : ": nothing was ever heard of it")
        + ", so no node is asked for";
  }

  /** Where waiting is all there is to do, none. */
  private static String remedy(Decision.Verdict verdict) {
    return switch (verdict) {
      case MAXIMUM -> "wait until a node has room, or ask the administrator to raise that limit";
      case PAUSED ->
          "the administrator finds out why nodes fail: `voc log` and voc-consoles beside the"
              + " SchedLog on the access point, StarterLog and "
              + Paths.CONSOLES
              + " on the PAD host";
      case RAMP -> "wait: more are asked for as soon as these have started";
      case HELD, BLOCKED, BROKEN -> "the administrator has to mend that";
      case SUBMIT, REMOVE, ENOUGH, UNKNOWN, STANDBY -> "";
    };
  }
}
