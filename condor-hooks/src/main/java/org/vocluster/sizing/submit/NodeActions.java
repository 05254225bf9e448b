package org.vocluster.sizing.submit;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Aside;
import org.vocluster.condor.DrainResult;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.JobId;
import org.vocluster.sizing.decision.Action;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.history.NodeHistory;
import org.vocluster.sizing.history.Removal;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.CommandException;

/**
 * Carries out what was decided, with HTCondor's tools and aside from the passes, and keeps account
 * of it: nothing is ordered twice at once, and what is submitted counts until it is seen in the
 * queue. {@link org.vocluster.sizing.Sizer} hands it each action and tells it what the queue shows.
 * It does not judge whether an action is wise; but a node that runs is never removed on an old
 * reading: that it is not in the pool, or has no job, is asked again at that moment.
 */
public final class NodeActions {
  private static final Duration EDIT_AGAIN = Duration.ofSeconds(5);

  private final HtCondor condor;
  private final NodeHistory history;
  private final Aside aside;
  private final SizerLog log;
  private final AuditLog audit;
  private final ConsoleTails consoles;
  private final Clock clock;
  private final Submissions submissions;

  private final Map<JobId, Instant> ordered = new HashMap<>();
  private final Map<JobId, Instant> edited = new HashMap<>();

  public NodeActions(
      HtCondor condor,
      NodeSubmitter submitter,
      NodeHistory history,
      Aside aside,
      SizerLog log,
      AuditLog audit,
      ConsoleTails consoles,
      Clock clock) {
    this.condor = condor;
    this.history = history;
    this.aside = aside;
    this.log = log;
    this.audit = audit;
    this.consoles = consoles;
    this.clock = clock;
    this.submissions = new Submissions(submitter, history.breakers(), aside, log, audit, clock);
  }

  /** Counts nodes whose submission an earlier process was killed in. */
  public void recallUnfinished() throws IOException {
    submissions.recallUnfinished();
  }

  /** Nodes submitted and not yet seen in the queue. */
  public Collection<Readings.Submitted> submitted() {
    return submissions.unseen();
  }

  /** Takes note of what is in the queue. */
  public void saw(Collection<NodeJob> inQueue) {
    inQueue.forEach(submissions::saw);
  }

  /** Takes note of a node job that left the queue. */
  public void ended(NodeJob node) {
    submissions.saw(node);
    ordered.remove(node.id());
    edited.remove(node.id());
  }

  /** Forgets nodes that were submitted long ago and never came to the queue. */
  public void forgetUnseen(Instant now) {
    submissions.forgetUnseen(now);
  }

  /** Whether the result of an action calls for a decision. */
  public boolean takeNews() {
    return submissions.takeNews();
  }

  /**
   * Carries out one action. An action names its VOC and shape: that can be decided, shown and
   * simulated without a definition, and it is looked up only here, where a node is made of it.
   *
   * @param definitions by name, the same that the decision was made with
   * @param avoid hosts that new node jobs must not run on
   */
  public void carryOut(
      Action action, Map<VocName, VocDefinition> definitions, Set<String> avoid, Instant now) {
    switch (action) {
      case Action.Submit(VocShape kind, int nodes, String why) -> {
        VocDefinition definition = definitions.get(kind.voc());
        if (definition != null) {
          definition
              .shape(kind.shape())
              .ifPresent(
                  machine -> submissions.submit(definition, machine, nodes, avoid, why, now));
        }
      }
      case Action.Remove(List<NodeJob> nodes, String why) ->
          byVo(nodes, ordered, Paces.ORDERED_AGAIN, now)
              .forEach((vo, jobs) -> remove(vo, jobs, why));
      case Action.Drain(List<NodeJob> nodes, String why) ->
          byVo(nodes, ordered, Paces.ORDERED_AGAIN, now)
              .forEach((vo, jobs) -> drain(vo, jobs, why));
      case Action.Avoid(List<NodeJob> nodes, Set<String> hosts, String why) ->
          byVo(nodes, edited, EDIT_AGAIN, now).forEach((vo, jobs) -> avoid(vo, jobs, hosts, why));
    }
  }

  /** Those about which nothing was ordered a moment ago. */
  private static Map<VoName, List<NodeJob>> byVo(
      List<NodeJob> nodes, Map<JobId, Instant> ordered, Duration again, Instant now) {
    Map<VoName, List<NodeJob>> result = new LinkedHashMap<>();
    for (NodeJob node : nodes) {
      Instant before = ordered.get(node.id());
      if (before == null || now.isAfter(before.plus(again))) {
        ordered.put(node.id(), now);
        result.computeIfAbsent(node.vo(), v -> new ArrayList<>()).add(node);
      }
    }
    return result;
  }

  // --- remove

  private void remove(VoName vo, List<NodeJob> nodes, String why) {
    for (NodeJob node : nodes) {
      if (node.isRunning()) {
        history.gaveUp(node);
      } else {
        history.toldToLeave(node);
      }
    }
    List<NodeJob> running = nodes.stream().filter(NodeJob::isRunning).toList();
    List<NodeJob> others = nodes.stream().filter(node -> !node.isRunning()).toList();
    if (!others.isEmpty()) {
      removeNow(vo, others, why);
    }
    if (!running.isEmpty()) {
      aside.start(
          "fetch consoles of nodes of " + vo,
          () -> {
            Map<NodeId, String> said = consoles.fetch(vo, running, clock.instant());
            return () -> {
              said.forEach(history::sawConsole);
              removeNow(vo, running, why);
            };
          });
    }
  }

  private void removeNow(VoName vo, List<NodeJob> nodes, String why) {
    aside.start(
        "remove nodes of " + vo,
        () -> {
          List<NodeJob> safe;
          try {
            safe = withoutJoined(nodes);
          } catch (CommandException | ClassAdSyntaxException e) {
            return () -> failed("removing", nodes, String.valueOf(e.getMessage()));
          }
          return removed(vo, safe, why);
        });
  }

  /** A node that runs is removed only if it is still not in the pool at this moment. */
  private List<NodeJob> withoutJoined(List<NodeJob> nodes)
      throws CommandException, ClassAdSyntaxException {
    List<NodeJob> running = nodes.stream().filter(NodeJob::isRunning).toList();
    if (running.isEmpty()) {
      return nodes;
    }
    Set<NodeId> joined = slotsOf(running).keySet();
    return nodes.stream().filter(node -> !joined.contains(node.node())).toList();
  }

  private Runnable removed(VoName vo, List<NodeJob> nodes, String why) {
    if (nodes.isEmpty()) {
      return () -> {};
    }
    try {
      condor.remove(vo, nodes.stream().map(NodeJob::id).toList(), Removal.ORDERED + why);
      return () -> {
        log.say("removed: " + names(nodes) + " (" + why + ")");
        byVoc(nodes).forEach((voc, jobs) -> audit.record(voc, "remove", jobs, why));
      };
    } catch (CommandException e) {
      return () -> failed("removing", nodes, String.valueOf(e.getMessage()));
    }
  }

  // --- drain

  private void drain(VoName vo, List<NodeJob> nodes, String why) {
    // Noted at once: its job may have left the queue before the result is taken in.
    nodes.forEach(history::toldToLeave);
    aside.start(
        "tell nodes of " + vo + " to leave",
        () -> {
          Map<NodeId, String> addresses;
          try {
            addresses = slotsOf(nodes);
          } catch (CommandException | ClassAdSyntaxException e) {
            return () -> {
              nodes.forEach(history::stays);
              failed("telling to leave", nodes, String.valueOf(e.getMessage()));
            };
          }
          List<NodeJob> drained = new ArrayList<>();
          Map<NodeJob, String> others = new LinkedHashMap<>();
          for (NodeJob node : nodes) {
            String address = addresses.getOrDefault(node.node(), "");
            switch (drainOne(vo, node, address)) {
              case DrainResult.Drained() -> drained.add(node);
              case DrainResult.Claimed(String words) -> others.put(node, "has a job: " + words);
              case DrainResult.Unreachable(String words) -> others.put(node, words);
            }
          }
          Runnable removal = removed(vo, drained, why);
          return () -> {
            for (NodeJob node : drained) {
              audit.record(node.voc(), "drain", List.of(node.node()), why);
            }
            others.forEach(
                (node, words) -> {
                  history.stays(node);
                  log.sayOnce(
                      "drain " + node.node(),
                      "node " + node.node() + " was told to leave and stays: " + words);
                });
            removal.run();
          };
        });
  }

  private DrainResult drainOne(VoName vo, NodeJob node, String address) {
    return address.isEmpty()
        ? new DrainResult.Unreachable("it is not in the pool")
        : condor.drain(vo, node.node(), address);
  }

  /** Addresses of the startds of those nodes that are in the pool now. */
  private Map<NodeId, String> slotsOf(List<NodeJob> nodes)
      throws CommandException, ClassAdSyntaxException {
    String constraint =
        Constraints.vads()
            + " && "
            + Constraints.isAmong(
                Attr.NODE, nodes.stream().map(node -> node.node().value()).toList());
    Map<NodeId, String> addresses = new HashMap<>();
    for (ClassAd ad :
        Ads.inLongForm(condor.slots(constraint, List.of(Attr.NODE, CondorAttr.MY_ADDRESS)))) {
      ad.string(Attr.NODE)
          .filter(NodeId::isValid)
          .ifPresent(node -> addresses.put(new NodeId(node), Ads.text(ad, CondorAttr.MY_ADDRESS)));
    }
    return addresses;
  }

  // --- avoid

  private void avoid(VoName vo, List<NodeJob> nodes, Set<String> hosts, String why) {
    String list = String.join(",", new TreeSet<>(hosts));
    aside.start(
        "let nodes of " + vo + " avoid hosts",
        () -> {
          try {
            condor.edit(
                vo, nodes.stream().map(NodeJob::id).toList(), Attr.AVOID_HOSTS, '"' + list + '"');
            return () -> {
              log.say(names(nodes) + " avoid hosts: " + (list.isEmpty() ? "none" : list));
              byVoc(nodes)
                  .forEach((voc, jobs) -> audit.record(voc, "avoid", jobs, why + ": " + list));
            };
          } catch (CommandException e) {
            return () -> failed("editing", nodes, String.valueOf(e.getMessage()));
          }
        });
  }

  private void failed(String doing, List<NodeJob> nodes, String why) {
    log.say(doing + " " + names(nodes) + " failed: " + why);
  }

  private static String names(List<NodeJob> nodes) {
    return nodes.stream().map(node -> node.node().value()).collect(Collectors.joining(", "));
  }

  private static Map<VocName, List<NodeId>> byVoc(List<NodeJob> nodes) {
    return nodes.stream()
        .collect(
            Collectors.groupingBy(
                NodeJob::voc,
                LinkedHashMap::new,
                Collectors.mapping(NodeJob::node, Collectors.toList())));
  }
}
