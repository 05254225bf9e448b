package org.vocluster.sizing;

/**
 * The key of an ad in {@code job_queue.log}. The schedd writes jobs as {@code N.M}, the ads that a
 * cluster's jobs inherit from as {@code 0N.-1}, and its own ads (header {@code 0.0}, users {@code
 * 0.U}, job sets {@code 0N.-100}) under keys that also start with 0.
 */
record AdKey(int cluster, int proc) {
  static final int CLUSTER_AD = -1;

  boolean isCluster() {
    return cluster > 0 && proc == CLUSTER_AD;
  }

  boolean isJob() {
    return cluster > 0 && proc >= 0;
  }

  JobId jobId() {
    return new JobId(cluster, proc);
  }
}
