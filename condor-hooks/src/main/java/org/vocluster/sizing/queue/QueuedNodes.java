package org.vocluster.sizing.queue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.sizing.reading.NodeJob;

/**
 * Node jobs in the queue as sizing sees them, and those that left it. {@link JobQueueMirror} puts
 * them here when it settles them, {@link LogChanges} says which are destroyed. Jobs that only claim
 * to be node jobs are kept, too, but never shown; those whose names make them none are not.
 */
final class QueuedNodes {
  private final Map<JobId, NodeJob> nodes = new LinkedHashMap<>();

  /** What {@link #genuine} shows, until something changes. */
  private @Nullable List<NodeJob> genuine;

  private final List<NodeJob> ended = new ArrayList<>();

  /** What was there before the log began to be read from its start. */
  private Map<JobId, NodeJob> beforeReset = Map.of();

  private boolean fromStart;

  List<NodeJob> genuine() {
    List<NodeJob> known = genuine;
    if (known == null) {
      known = nodes.values().stream().filter(NodeJob::isGenuine).toList();
      genuine = known;
    }
    return known;
  }

  /** Those that left since the last call, as they were last seen. */
  List<NodeJob> takeEnded() {
    List<NodeJob> result = ended.stream().filter(NodeJob::isGenuine).toList();
    ended.clear();
    return result;
  }

  void put(JobAd job) {
    job.set(QueueAd.NODE);
    Optional<NodeJob> node = read(job);
    if (node.isPresent()) {
      nodes.put(job.id(), node.get());
    } else {
      nodes.remove(job.id());
    }
    genuine = null;
  }

  /** Takes out a job that turned out to be none. */
  void takeOut(JobAd job) {
    if (job.is(QueueAd.NODE)) {
      job.clear(QueueAd.NODE);
      nodes.remove(job.id());
      genuine = null;
    }
  }

  /** Takes note that a job is destroyed, whatever it is. */
  void destroyed(JobAd job) {
    boolean wasNode = job.is(QueueAd.NODE);
    if (wasNode) {
      nodes.remove(job.id());
      genuine = null;
    }
    // A log read from its start tells old ends again; settled() finds the new ones.
    if (!fromStart && (wasNode || claimsToBeNode(job))) {
      read(job).ifPresent(ended::add);
    }
  }

  /** One that came and went within one look was never settled. */
  private static boolean claimsToBeNode(JobAd job) {
    return Literals.isTrue(job.cluster.value(job.values, KnownAttribute.NODE_JOB.number()));
  }

  /** The log is read from its start. */
  void reset() {
    if (beforeReset.isEmpty()) {
      beforeReset = new LinkedHashMap<>(nodes);
    }
    fromStart = true;
    nodes.clear();
    genuine = null;
  }

  /** All that the log says is in: what was there before and is not now has ended. */
  void settled() {
    for (Map.Entry<JobId, NodeJob> before : beforeReset.entrySet()) {
      if (!nodes.containsKey(before.getKey())) {
        ended.add(before.getValue());
      }
    }
    beforeReset = Map.of();
    fromStart = false;
  }

  private static Optional<NodeJob> read(JobAd job) {
    return NodeJobReader.read(
        job.id(),
        "",
        job.jobStatus(),
        job.since(),
        job.holdReasonCode(),
        attribute -> job.cluster.reported(job.reported, attribute.number()));
  }
}
