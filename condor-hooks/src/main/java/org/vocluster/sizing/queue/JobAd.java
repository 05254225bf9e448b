package org.vocluster.sizing.queue;

import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;

/** A job in the queue, or the one that stands for those a cluster is still to make. */
final class JobAd extends QueueAd {
  int proc;
  final ClusterAd cluster;

  /** Neighbours in the cluster's list. */
  @Nullable JobAd next;

  @Nullable JobAd previous;

  /** Where it counts as idle payload. */
  @Nullable IdleGroup group;

  JobAd(int proc, ClusterAd cluster, Values empty) {
    super(empty);
    this.proc = proc;
    this.cluster = cluster;
  }

  JobId id() {
    return new JobId(cluster.number, proc);
  }

  JobStatus jobStatus() {
    return JobStatus.of(status == NONE ? cluster.status : status);
  }

  /** When it entered its status, in seconds since 1970; 0 if that is unknown. */
  int since() {
    return Math.max(0, entered == NONE ? cluster.entered : entered);
  }

  /** HTCondor's HoldReasonCode, 0 if there is none. */
  int holdReasonCode() {
    return Math.max(0, holdCode == NONE ? cluster.holdCode : holdCode);
  }
}
