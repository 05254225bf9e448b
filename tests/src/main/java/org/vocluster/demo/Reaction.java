package org.vocluster.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.vocluster.pool.PayloadJobs;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.QueueWatch;
import org.vocluster.pool.QueuedJob;
import org.vocluster.pool.Story;
import org.vocluster.pool.VocPool;

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
              seen ->
                  seen.stream()
                      .anyMatch(job -> job.isNode() && job.first(QueuedJob.IDLE).isPresent()));
      QueuedJob node = jobs.stream().filter(QueuedJob::isNode).findFirst().orElseThrow();
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

  /** Median and maximum of the samples, in seconds. */
  public static List<Measurement> figures(List<Sample> samples) {
    List<Measurement> figures = new ArrayList<>();
    figures.addAll(
        figures(
            samples,
            "job in the queue to node job in the queue",
            sample -> sample.nodeQueued() - sample.jobQueued(),
            "job_queue.log, both commits"));
    figures.addAll(
        figures(
            samples,
            "condor_submit's start to node job in the queue",
            Sample::nodeQueued,
            "own clock to job_queue.log"));
    figures.addAll(
        figures(
            samples,
            "condor_submit's start to node job ready to be matched",
            Sample::nodeIdle,
            "own clock to job_queue.log, files spooled"));
    return figures;
  }

  private static List<Measurement> figures(
      List<Sample> samples, String what, ToLongFunction<Sample> nanos, String source) {
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
    return List.of(
        new Measurement(what + ", median", median, "s", OptionalDouble.of(MEDIAN_GOAL), source),
        new Measurement(
            what + ", maximum", sorted.getLast(), "s", OptionalDouble.of(MAXIMUM_GOAL), source));
  }
}
