package org.vocluster.sizing.queue;

import org.jspecify.annotations.Nullable;

/** What the jobs of one submission inherit, and the list of those jobs. */
final class ClusterAd extends QueueAd {
  final int number;

  /** Its jobs, the youngest record first. */
  @Nullable JobAd first;

  int size;
  private int held;

  /** What the submission is to have, once all of it is there. */
  int total;

  /** What its jobs are made from, if the schedd makes them one after the other. */
  FutureJobs.@Nullable Factory factory;

  ClusterAd(int number, Values empty) {
    super(empty);
    this.number = number;
  }

  void add(JobAd job) {
    JobAd second = first;
    job.next = second;
    if (second != null) {
      second.previous = job;
    }
    first = job;
    size++;
  }

  void remove(JobAd job) {
    JobAd before = job.previous;
    JobAd after = job.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    size--;
    countHeld(job, false);
  }

  void countHeld(JobAd job, boolean isHeld) {
    if (job.is(HELD) != isHeld) {
      if (isHeld) {
        job.set(HELD);
        held++;
      } else {
        job.clear(HELD);
        held--;
      }
    }
  }

  int held() {
    return held;
  }

  /** The job that was made last; a compacted log has them in no order. */
  @Nullable JobAd newest() {
    JobAd newest = first;
    for (JobAd job = first; job != null; job = job.next) {
      if (newest == null || job.proc > newest.proc) {
        newest = job;
      }
    }
    return newest;
  }

  /** What a job of this cluster has that has these values of its own. */
  @Nullable String value(Values own, int number) {
    String value = own.get(number);
    return value != null ? value : values.get(number);
  }

  /** The same of what is reported of node jobs. */
  @Nullable String reported(Values own, int number) {
    String value = own.get(number);
    return value != null ? value : reported.get(number);
  }
}
