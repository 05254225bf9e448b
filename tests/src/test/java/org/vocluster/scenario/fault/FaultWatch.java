package org.vocluster.scenario.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.VocPool;

/** Looks for what a node's end left, again and again until there is nothing, and for its job. */
final class FaultWatch {
  /** After the longest bound there is time to tell late from never. */
  private static final Duration LONGEST = Duration.ofSeconds(150);

  /** What is gone may be made again by something that goes on without knowing of the end. */
  private static final Duration SETTLED = Duration.ofSeconds(3);

  private static final Duration ACCOUNTED = Duration.ofMinutes(4);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Where the hosts have {@link #HOST_LEFTOVERS}. */
  private static final String PROGRAM = "/usr/local/lib/faults/leftovers";

  /**
   * The starter of HTCondor 23.9 aborts where it is told to end while a prepare hook runs and there
   * is a JOB_EXIT hook: it cleans up twice. What it does before is complete. Its core is for
   * HTCondor's condor_preen to take away.
   */
  private static final String CORE = "core of a starter";

  /** Of the host whose only node it is: "kind: what", a line each. */
  private static final String HOST_LEFTOVERS =
      """
      #!/bin/sh
      ps -eww -o pid=,user:32=,stat=,args= | awk '
        / -classad/ { next }
        $2 ~ /^voc-/ || $4 ~ /condor_starter/ {
          kind = / -name guest=/ ? "QEMU" : $4 ~ /condor_starter/ ? "starter" : /repare-?[jJ]ob|[jJ]ob-?[eE]xit/ ? "hook" : "process"
          print kind ": " substr($0, 1, 200)
        }'
      cd /var/lib/condor/execute || exit 1
      find . -mindepth 1 -maxdepth 2 ! -name core 2>/dev/null | sed 's/^/scratch: /'
      find . -maxdepth 1 -name core | sed 's/^/%s: /'
      find /var/lib/voc/leases -mindepth 1 2>/dev/null | sed 's/^/lease: /'
      find /dev/shm -mindepth 1 2>/dev/null | sed 's/^/shared memory: /'
      find /tmp /var/tmp -mindepth 1 -user voc-cms 2>/dev/null | sed 's/^/temporary file: /'
      """
          .formatted(CORE);

  private final VocPool voc;
  private final QueueWatch queue;

  FaultWatch(VocPool voc, QueueWatch queue) {
    this.voc = voc;
    this.queue = queue;
  }

  /** Puts on a host what looks for leftovers. */
  static void build(Host host) throws PoolException, InterruptedException {
    host.write(PROGRAM, HOST_LEFTOVERS, "755");
  }

  /** What is there of a node, "kind: what" each; empty if nothing. */
  List<String> leftovers(String node, Host host, boolean joined)
      throws PoolException, InterruptedException {
    List<String> found = new ArrayList<>();
    if (host.isUp()) {
      found.addAll(host.run(PROGRAM).orThrow().lines());
    } else {
      found.add("host: it is down");
    }
    if (joined) {
      for (String ad :
          voc.ap()
              .run(
                  "condor_status",
                  "-any",
                  "-const",
                  "VocNode =?= \"%s\" && VocDomain =?= \"VAD\"".formatted(node),
                  "-af",
                  "MyType",
                  "Name")
              .orThrow()
              .lines()) {
        found.add("ad: " + ad);
      }
    }
    return found;
  }

  /**
   * How a node went away.
   *
   * @param clean how long after the end nothing was left; empty if never
   * @param kinds what was there at any time after the end
   * @param atBound what was left when the bound was over
   */
  record Departure(Optional<Duration> clean, SortedSet<String> kinds, List<String> atBound) {}

  /**
   * Watches until nothing has been left for a moment.
   *
   * @param end of the node, by {@link System#nanoTime}
   */
  Departure watch(String node, Host host, boolean joined, long end, Duration bound)
      throws PoolException, InterruptedException {
    SortedSet<String> kinds = new TreeSet<>();
    List<String> atBound = List.of();
    long cleanSince = -1;
    while (true) {
      long looked = System.nanoTime();
      List<String> left;
      try {
        left = leftovers(node, host, joined);
      } catch (PoolException e) {
        // Among others while the host goes down under the question.
        left = List.of("question: " + e.getMessage());
      }
      left.forEach(line -> kinds.add(line.replaceFirst(":.*", "")));
      left = left.stream().filter(line -> !line.startsWith(CORE)).toList();
      boolean inTime = looked - end <= bound.toNanos();
      if (!left.isEmpty()) {
        cleanSince = -1;
        if (inTime || atBound.isEmpty()) {
          atBound = left;
        }
      } else if (cleanSince < 0) {
        cleanSince = looked;
      }
      if (cleanSince >= 0 && looked - cleanSince > SETTLED.toNanos()) {
        Duration clean = Duration.ofNanos(Math.max(0, cleanSince - end));
        boolean kept = clean.compareTo(bound) <= 0;
        return new Departure(Optional.of(clean), kinds, kept ? List.of() : atBound);
      }
      if (looked - end > LONGEST.toNanos()) {
        return new Departure(Optional.empty(), kinds, left.isEmpty() ? atBound : left);
      }
      Thread.sleep(PAUSE);
    }
  }

  /**
   * What became of a job, in words, and after how long.
   *
   * @param wrong whether it is what must never be
   */
  record Fate(String words, Duration after, boolean wrong) {}

  /** Waits until a node job neither runs nor is about to be removed, and says what it is then. */
  Fate nodeJob(String job, long end) throws PoolException, InterruptedException {
    QueuedJob seen;
    try {
      seen =
          Await.until(
              "node job %s to be accounted for".formatted(job),
              ACCOUNTED,
              () -> find(job),
              found ->
                  found.until().isPresent()
                      || found.status() == QueuedJob.IDLE
                      || found.status() == QueuedJob.HELD);
    } catch (PoolException e) {
      return new Fate("stuck in status " + find(job).status(), ACCOUNTED, true);
    }
    if (seen.until().isPresent()) {
      Duration after = since(end, seen.until().getAsLong());
      var recorded =
          Await.until(
              "job %s in the history".formatted(job),
              Duration.ofSeconds(30),
              () -> voc.endings(job.replaceFirst("\\..*", "")),
              endings -> !endings.isEmpty());
      return new Fate(
          recorded.getFirst().status() == QueuedJob.REMOVED ? "removed" : "completed",
          after,
          false);
    }
    Duration after = since(end, seen.statuses().getLast().at());
    return seen.status() == QueuedJob.HELD
        ? new Fate("held", after, true)
        : new Fate("back in the queue", after, false);
  }

  /** What happened before the clock started took no time. */
  private static Duration since(long end, long moment) {
    return Duration.ofNanos(Math.max(0, moment - end));
  }

  QueuedJob find(String job) throws PoolException {
    return queue.jobs(each -> each.id().equals(job)).stream()
        .findFirst()
        .orElseThrow(() -> new PoolException("job %s was never in the queue".formatted(job)));
  }
}
