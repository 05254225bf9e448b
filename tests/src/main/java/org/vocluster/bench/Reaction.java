package org.vocluster.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.vocluster.pool.PoolException;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.Story;
import org.vocluster.vocpool.VocPool;

/**
 * How long it takes from a user's submit to the node job in the queue, when the VOC has no node: a
 * job again and again, each into an empty queue, on a pool whose hosts take no jobs meanwhile.
 *
 * <p>All moments are of one clock, {@link System#nanoTime}; the queue's are those of the schedd's
 * commits, seen a millisecond or two later.
 */
public final class Reaction {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final double MEDIAN_GOAL = 0.5;
  private static final double MAXIMUM_GOAL = 1.5;

  private Reaction() {}

  /**
   * One submit. Nanoseconds, from the start of condor_submit.
   *
   * @param jobQueued until the user's job was in the queue
   * @param nodeQueued until the node job was
   * @param nodeIdle until it had its files and could be matched
   */
  public record Sample(long jobQueued, long nodeQueued, long nodeIdle) {}

  /** Measures; the pool has a VOC for alice's jobs, an empty queue and closed hosts. */
  public static List<Sample> measure(VocPool voc, QueueWatch queue, int submits, Story story)
      throws PoolException, InterruptedException {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < submits; i++) {
      queue.forgetEnded();
      long start = System.nanoTime();
      String cluster = voc.submit("alice", PayloadJobs.small(1, 1));
      List<QueuedJob> jobs =
          queue.await(
              "an idle node job for " + cluster,
              BOUND,
              seen -> seen.stream().anyMatch(Reaction::isIdleNode));
      QueuedJob node = jobs.stream().filter(Reaction::isIdleNode).findFirst().orElseThrow();
      QueuedJob payload =
          jobs.stream().filter(job -> job.id().equals(cluster + ".0")).findFirst().orElseThrow();
      Sample sample =
          new Sample(
              payload.from() - start,
              node.from() - start,
              node.first(QueuedJob.IDLE).orElseThrow() - start);
      samples.add(sample);
      story.tell(
          "%2d: job in the queue after %d ms, node job after %d ms, ready to be matched after %d ms"
              .formatted(
                  i + 1,
                  sample.jobQueued() / 1_000_000,
                  sample.nodeQueued() / 1_000_000,
                  sample.nodeIdle() / 1_000_000));
      // Together, so that there is never a job without its node or a node without its job.
      voc.ap().run("condor_rm", "-all").orThrow();
      var _ =
          queue.await(
              "an empty queue", BOUND, seen -> seen.stream().noneMatch(QueuedJob::isQueued));
    }
    return samples;
  }

  private static boolean isIdleNode(QueuedJob job) {
    return job.isNode() && job.isQueued() && job.first(QueuedJob.IDLE).isPresent();
  }

  /** Median and maximum of one kind of delay, in seconds. */
  public record Figure(String name, double median, double maximum) {
    /** Whether both are within the goals. */
    public boolean reached() {
      return median <= MEDIAN_GOAL && maximum <= MAXIMUM_GOAL;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s: median %.3f s, maximum %.3f s", name, median, maximum);
    }
  }

  /** What the samples come to. */
  public static List<Figure> figures(List<Sample> samples) {
    return List.of(
        figure(
            "job in the queue → node job in the queue",
            samples,
            sample -> sample.nodeQueued() - sample.jobQueued()),
        figure("start of condor_submit → node job in the queue", samples, Sample::nodeQueued),
        figure("start of condor_submit → node job can be matched", samples, Sample::nodeIdle));
  }

  private static Figure figure(String name, List<Sample> samples, ToLongFunction<Sample> nanos) {
    List<Double> sorted =
        samples.stream()
            .map(sample -> nanos.applyAsLong(sample) / 1e9)
            .sorted(Comparator.naturalOrder())
            .toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Figure(name, median, sorted.getLast());
  }
}
