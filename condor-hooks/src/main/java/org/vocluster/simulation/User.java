package org.vocluster.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.VoName;

/** A submitter: their idle jobs in the order of submission, and what they hold. */
final class User {
  private final int number;
  private final VoName vo;
  private final Map<JobKind, Deque<Job>> idle = new LinkedHashMap<>();
  private long cpus;

  User(int number, VoName vo) {
    this.number = number;
    this.vo = vo;
  }

  VoName vo() {
    return vo;
  }

  /** Breaks ties between users. */
  int number() {
    return number;
  }

  /** Processors that their claims hold. */
  long cpus() {
    return cpus;
  }

  void addCpus(long more) {
    cpus += more;
  }

  void queue(Job job) {
    idle.computeIfAbsent(job.kind(), kind -> new ArrayDeque<>()).addLast(job);
  }

  /** A job that was running before others in the queue were submitted. */
  void queueAgain(Job job) {
    idle.computeIfAbsent(job.kind(), kind -> new ArrayDeque<>()).addFirst(job);
  }

  /** The job that waits longest, of those kinds that are not refused. */
  @Nullable Job next(Set<JobKind> refused) {
    return next(kind -> !refused.contains(kind));
  }

  @Nullable Job next(Predicate<JobKind> eligible) {
    Job longest = null;
    for (Map.Entry<JobKind, Deque<Job>> each : idle.entrySet()) {
      Job first = each.getValue().getFirst();
      if ((longest == null || first.trace().submitMs() < longest.trace().submitMs())
          && eligible.test(each.getKey())) {
        longest = first;
      }
    }
    return longest;
  }

  /** Takes the first job of its kind out of the idle ones. */
  void take(Job job) {
    Deque<Job> alike = idle.get(job.kind());
    if (alike == null || alike.removeFirst() != job) {
      throw new IllegalStateException("job " + job.trace().name() + " is not the next of its kind");
    }
    if (alike.isEmpty()) {
      idle.remove(job.kind());
    }
  }

  boolean hasIdle() {
    return !idle.isEmpty();
  }
}
