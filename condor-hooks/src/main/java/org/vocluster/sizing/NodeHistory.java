package org.vocluster.sizing;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What became of nodes, as far as it bears on submitting more: nodes that ended without ever
 * joining the pool, or that joined and left without a job although there was demand, make the next
 * attempt wait longer each time; a node that runs a job ends that.
 */
final class NodeHistory {
  private final Set<String> started = new HashSet<>();
  private final Set<String> joined = new HashSet<>();
  private final Set<String> worked = new HashSet<>();
  private final Set<String> givenUp = new HashSet<>();
  private final Map<String, Setback> neverJoined = new HashMap<>();
  private final Map<String, Setback> neverWorked = new HashMap<>();

  /** Takes note of which node jobs run; one that is back in the queue starts afresh. */
  void saw(List<NodeJob> nodeJobs) {
    for (NodeJob node : nodeJobs) {
      if (node.isRunning()) {
        started.add(node.node());
      } else if (node.isQueued() && started.remove(node.node())) {
        joined.remove(node.node());
        worked.remove(node.node());
      }
    }
  }

  /**
   * Takes note of which nodes are in the pool.
   *
   * @return whether a node joined that was not there before
   */
  boolean sawSlots(List<NodeSlot> slots) {
    boolean news = false;
    for (NodeSlot slot : slots) {
      if (joined.add(slot.node())) {
        news = true;
        neverJoined.remove(slot.voc());
      }
      if (slot.claimed() && worked.add(slot.node())) {
        neverWorked.remove(slot.voc());
      }
    }
    return news;
  }

  /** Takes note that a node is removed because it did not join in time. */
  void gaveUp(NodeJob node) {
    givenUp.add(node.node());
  }

  boolean hasJoined(String node) {
    return joined.contains(node);
  }

  /**
   * Takes note of a node job that left the queue.
   *
   * @param wanted whether jobs waited for such a node
   */
  void ended(NodeJob node, boolean wanted, Instant now) {
    boolean ran = started.remove(node.node()) || node.status() == JobStatus.COMPLETED;
    boolean hadJoined = joined.remove(node.node());
    boolean hadWorked = worked.remove(node.node());
    boolean byHand = !givenUp.remove(node.node()) && node.status() == JobStatus.REMOVED;
    if (!ran || hadWorked || byHand) {
      return;
    }
    if (!hadJoined) {
      setBack(
          neverJoined,
          node,
          now,
          "ended without joining the pool",
          "look at the PAD host's StarterLog and the node's console log, and boot the image by hand");
    } else if (wanted) {
      setBack(
          neverWorked,
          node,
          now,
          "joined and left without a job although jobs were idle",
          "ask condor_q -better-analyze why one of them does not match that VOC's slots");
    }
  }

  /** What failed lately for this VOC: whatever makes the next attempt wait longest. */
  Optional<Setback> setback(String voc) {
    return Stream.of(neverJoined, neverWorked)
        .flatMap(setbacks -> Optional.ofNullable(setbacks.get(voc)).stream())
        .max(Comparator.comparing(Setback::until));
  }

  private static void setBack(
      Map<String, Setback> setbacks, NodeJob node, Instant now, String what, String remedy) {
    Setback before = setbacks.get(node.voc());
    int times = before == null ? 1 : before.times() + 1;
    String who =
        times == 1
            ? "node " + node.node()
            : times + " nodes in a row, the last " + node.node() + ",";
    setbacks.put(
        node.voc(),
        new Setback(
            times, now, who + " " + what + " (node job " + node.id() + "; " + remedy + ")"));
  }
}
