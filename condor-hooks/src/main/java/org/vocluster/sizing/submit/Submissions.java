package org.vocluster.sizing.submit;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.vocluster.condor.Aside;
import org.vocluster.sizing.decision.Readings;
import org.vocluster.sizing.history.Breakers;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.CommandException;

/**
 * The nodes that are on their way into the queue: a node counts as supply from the moment it is
 * submitted until its job is seen there, its submission has failed or it is not seen for too long.
 * {@link NodeActions} has it submit, aside and one submission of a VOC at a time, and passes on
 * what the queue shows.
 */
final class Submissions {
  private static final Duration UNSEEN = Duration.ofSeconds(60);
  private static final int AT_ONCE = 4;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int RANDOM_CHARACTERS = 8;

  private final NodeSubmitter submitter;
  private final Breakers breakers;
  private final Aside aside;
  private final SizerLog log;
  private final AuditLog audit;
  private final Clock clock;
  private final Semaphore atOnce = new Semaphore(AT_ONCE);
  private final SecureRandom random = new SecureRandom();

  private final Map<NodeId, Readings.Submitted> unseen = new LinkedHashMap<>();
  private final Set<VocName> underWay = new HashSet<>();

  /**
   * Names of nodes whose submission failed, or seemed to. They are used again: should their first
   * job turn up after all, it and the second are known to be one node.
   */
  private final Map<VocName, Deque<NodeId>> unusedNames = new HashMap<>();

  private boolean news;

  Submissions(
      NodeSubmitter submitter,
      Breakers breakers,
      Aside aside,
      SizerLog log,
      AuditLog audit,
      Clock clock) {
    this.submitter = submitter;
    this.breakers = breakers;
    this.aside = aside;
    this.log = log;
    this.audit = audit;
    this.clock = clock;
  }

  /** Counts nodes whose submission an earlier process was killed in. */
  void recallUnfinished() throws IOException {
    for (NodeSubmitter.Unfinished unfinished : submitter.takeUnfinished(clock.instant())) {
      for (NodeId node : unfinished.nodes()) {
        unseen.put(node, new Readings.Submitted(node, unfinished.kind(), unfinished.begun()));
      }
    }
  }

  /** Nodes submitted and not yet seen in the queue. */
  Collection<Readings.Submitted> unseen() {
    return List.copyOf(unseen.values());
  }

  /** Its job is in the queue, or was. */
  void saw(NodeJob node) {
    unseen.remove(node.node());
  }

  /** Forgets nodes that were submitted long ago and never came to the queue. */
  void forgetUnseen(Instant now) {
    unseen
        .entrySet()
        .removeIf(
            each -> {
              VocName voc = each.getValue().kind().voc();
              boolean old =
                  now.isAfter(each.getValue().at().plus(UNSEEN)) && !underWay.contains(voc);
              if (old) {
                log.say("node " + each.getKey() + " was submitted but never seen in the queue");
                useAgain(voc, each.getKey());
              }
              return old;
            });
  }

  /** Whether a submission has ended since the last call, well or not. */
  boolean takeNews() {
    boolean was = news;
    news = false;
    return was;
  }

  /**
   * Submits that many nodes, unless a submission of the VOC is under way.
   *
   * @param avoid hosts that they must not run on
   */
  void submit(
      VocDefinition definition,
      MachineShape shape,
      int count,
      Set<String> avoid,
      String why,
      Instant now) {
    VocName voc = definition.name();
    VocShape kind = new VocShape(voc, shape.name());
    if (!underWay.add(voc)) {
      return;
    }
    List<NodeId> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      NodeId node = newNode(voc);
      nodes.add(node);
      unseen.put(node, new Readings.Submitted(node, kind, now));
    }
    String digest = definition.nodeDigest(shape).value();
    aside.start(
        "submit nodes of " + voc,
        () -> {
          try {
            atOnce.acquireUninterruptibly();
            try {
              submitter.submit(definition, shape, nodes, new TreeSet<>(avoid));
            } finally {
              atOnce.release();
            }
            return () -> succeeded(voc, nodes, why);
          } catch (CommandException | IOException e) {
            return () -> failed(voc, nodes, digest, String.valueOf(e.getMessage()));
          }
        });
  }

  private void succeeded(VocName voc, List<NodeId> nodes, String why) {
    underWay.remove(voc);
    breakers.submitted(voc);
    news = true;
    log.say("VOC " + voc + ": submitted " + names(nodes));
    audit.record(voc, "submit", nodes, why);
  }

  private void failed(VocName voc, List<NodeId> nodes, String digest, String why) {
    underWay.remove(voc);
    for (NodeId node : nodes) {
      // Seen in the queue it was submitted after all.
      if (unseen.remove(node) != null) {
        useAgain(voc, node);
      }
    }
    breakers.notSubmitted(voc, digest, why, clock.instant());
    news = true;
    log.say("VOC " + voc + ": submitting " + names(nodes) + " failed: " + why);
    audit.record(voc, "submit-failed", nodes, why);
  }

  private static String names(List<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).collect(Collectors.joining(", "));
  }

  private void useAgain(VocName voc, NodeId node) {
    unusedNames.computeIfAbsent(voc, v -> new ArrayDeque<>()).add(node);
  }

  private NodeId newNode(VocName voc) {
    Deque<NodeId> unused = unusedNames.get(voc);
    if (unused != null && !unused.isEmpty()) {
      return unused.remove();
    }
    StringBuilder name = new StringBuilder(voc.value()).append('-');
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new NodeId(name.toString());
  }
}
