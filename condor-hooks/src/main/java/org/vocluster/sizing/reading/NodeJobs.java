package org.vocluster.sizing.reading;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocName;

/**
 * The node jobs in the queues, sorted out: made once for each change of them, not for each
 * decision.
 */
public final class NodeJobs {
  private final Map<VocName, List<NodeJob>> byVoc = new LinkedHashMap<>();
  private final List<NodeJob> doubles = new ArrayList<>();
  private final Set<NodeId> alive;

  private NodeJobs(Collection<NodeJob> all) {
    List<NodeJob> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(NodeJob::schedd).thenComparing(NodeJob::id));
    Map<NodeId, NodeJob> oldest = HashMap.newHashMap(sorted.size());
    for (NodeJob job : sorted) {
      boolean lives = job.isQueued() || job.isRunning() || job.isHeld();
      if (lives && oldest.putIfAbsent(job.node(), job) != null && !job.isRunning()) {
        doubles.add(job);
      } else {
        byVoc.computeIfAbsent(job.voc(), v -> new ArrayList<>()).add(job);
      }
    }
    alive = new HashSet<>(oldest.keySet());
  }

  public static NodeJobs of(Collection<NodeJob> all) {
    return new NodeJobs(all);
  }

  /** By the name of the VOC, without the {@link #doubles}. */
  public Map<VocName, List<NodeJob>> byVoc() {
    return byVoc;
  }

  /** Of node jobs with the same node the oldest counts; these others must not start. */
  public List<NodeJob> doubles() {
    return doubles;
  }

  /** Whether a node has a job that is queued, running or on hold. */
  public boolean has(NodeId node) {
    return alive.contains(node);
  }
}
