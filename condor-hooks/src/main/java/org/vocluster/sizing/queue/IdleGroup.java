package org.vocluster.sizing.queue;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import org.vocluster.condor.JobId;
import org.vocluster.sizing.reading.JobGroup;

/** Idle payload jobs with one signature, those that are still to be made included. */
final class IdleGroup {
  /** Why it is unclear what the jobs need, then names and values of what matters in turn. */
  final List<String> signature;

  private final String unclear;
  private final ImmutableMap<String, String> attributes;
  private int jobs;
  private int exampleCluster;
  private int exampleProc;

  /** Whether {@link JobKinds} has it among its groups. */
  boolean listed;

  IdleGroup(List<String> signature) {
    this.signature = signature;
    this.unclear = signature.getFirst();
    ImmutableMap.Builder<String, String> map = ImmutableMap.builder();
    for (int i = 1; i < signature.size(); i += 2) {
      map.put(signature.get(i), signature.get(i + 1));
    }
    this.attributes = map.buildOrThrow();
  }

  void enter(JobAd job, int weight) {
    jobs += weight;
    exampleCluster = job.cluster.number;
    exampleProc = job.proc;
  }

  void leave(int weight) {
    jobs -= weight;
  }

  boolean isEmpty() {
    return jobs <= 0;
  }

  JobGroup reading() {
    return new JobGroup(attributes, jobs, new JobId(exampleCluster, exampleProc), unclear);
  }
}
