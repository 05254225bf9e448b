package org.vocluster.sizing;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of nodes, as far as it bears on submitting more: nodes that ended without ever
 * joining the pool, or that joined and left without a job although there was demand, make the next
 * attempt wait longer each time; a node that runs a job ends that.
 */
final class NodeHistory {
  private final Set<String> started = new HashSet<>();
  private final Set<String> joined = new HashSet<>();
  private final Set<String> worked = new HashSet<>();
  private final Map<String, Setback> setbacks = new HashMap<>();

  /** Takes note of which node jobs run. */
  void saw(List<NodeJob> nodeJobs) {
    for (NodeJob node : nodeJobs) {
      if (node.isRunning()) {
        started.add(node.node());
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
        Setback setback = setbacks.get(slot.voc());
        if (setback != null && setback.what().contains(NEVER_JOINED)) {
          setbacks.remove(slot.voc());
        }
      }
      if (slot.claimed() && worked.add(slot.node())) {
        setbacks.remove(slot.voc());
      }
    }
    return news;
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
    if (!ran || hadWorked || node.status() == JobStatus.REMOVED) {
      return;
    }
    if (!hadJoined) {
      setBack(
          node,
          now,
          NEVER_JOINED,
          "look at that node job's console log and at the PAD host's StarterLog, and try the image by"
              + " hand");
    } else if (wanted) {
      setBack(
          node,
          now,
          "joined and left without a job although jobs were idle",
          "see `condor_q -better-analyze` for one of them against that VOC's slots");
    }
  }

  /** Whether anything failed lately for this VOC. */
  Optional<Setback> setback(String voc) {
    return Optional.ofNullable(setbacks.get(voc));
  }

  private static final String NEVER_JOINED = "ended without joining the pool";

  private void setBack(NodeJob node, Instant now, String what, String remedy) {
    Setback before = setbacks.get(node.voc());
    int times = before == null ? 1 : before.times() + 1;
    String text =
        (times == 1
                ? "node " + node.node()
                : times + " nodes in a row, the last " + node.node() + ",")
            + " "
            + what
            + " (node job "
            + node.id()
            + "); "
            + remedy;
    setbacks.put(node.voc(), new Setback(times, now, text));
  }
}
