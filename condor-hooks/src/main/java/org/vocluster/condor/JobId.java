package org.vocluster.condor;

/**
 * A job of one schedd.
 *
 * @param cluster the submission's number, from 1
 * @param proc the job's number within it, from 0
 */
public record JobId(int cluster, int proc) implements Comparable<JobId> {
  @Override
  public int compareTo(JobId other) {
    int byCluster = Integer.compare(cluster, other.cluster);
    return byCluster != 0 ? byCluster : Integer.compare(proc, other.proc);
  }

  @Override
  public String toString() {
    return cluster + "." + proc;
  }
}
