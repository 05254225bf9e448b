package org.vocluster.condor;

import java.util.Optional;

/**
 * A job of one schedd.
 *
 * @param cluster the submission's number, from 1
 * @param proc the job's number within it, from 0
 */
public record JobId(int cluster, int proc) implements Comparable<JobId> {
  /** Digits that fit into an int whatever they are. */
  private static final int MOST_DIGITS = 9;

  /** The job of that number, written as {@code 12.0} and in no other way. */
  public static Optional<JobId> read(String text) {
    int dot = text.indexOf('.');
    if (dot < 0 || !isNumber(text, 0, dot) || !isNumber(text, dot + 1, text.length())) {
      return Optional.empty();
    }
    JobId id =
        new JobId(
            Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    return id.cluster > 0 && id.toString().equals(text) ? Optional.of(id) : Optional.empty();
  }

  private static boolean isNumber(String text, int from, int to) {
    boolean digits = from < to && to - from <= MOST_DIGITS;
    for (int i = from; digits && i < to; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return digits;
  }

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
