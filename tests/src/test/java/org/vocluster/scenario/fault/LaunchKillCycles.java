package org.vocluster.scenario.fault;

import java.time.Duration;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.SleepingImage;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * Nodes that are asked for, launched and killed, again and again, as many at a time as the pool has
 * slots: jobs of a user bring them through sizing, and jobs and nodes are removed together as soon
 * as all their machines run.
 */
final class LaunchKillCycles {
  private static final String VOC = "tiny";
  private static final Duration BOUND = Duration.ofMinutes(1);

  private final VocPool voc;
  private final QueueWatch queue;
  private final int atOnce;

  /**
   * Registers a VOC of a tiny guest.
   *
   * @param atOnce how many nodes the pool has slots for
   */
  LaunchKillCycles(VocPool voc, QueueWatch queue, int atOnce)
      throws PoolException, InterruptedException {
    this.voc = voc;
    this.queue = queue;
    this.atOnce = atOnce;
    SleepingImage image = SleepingImage.in(voc.pool());
    voc.register(
            VocText.of(VOC, "cms", image.url(), image.sha256())
                .with("MemoryMb", "256")
                .with("DiskMb", "16")
                .with("MaxNodes", "100"))
        .orThrow();
    voc.awaitImage(image.sha256());
  }

  /** Runs so many cycles, and returns how long they took. */
  Duration run(int cycles) throws PoolException, InterruptedException {
    long start = System.nanoTime();
    int left = cycles;
    while (left > 0) {
      int nodes = Math.min(left, atOnce);
      round(nodes);
      left -= nodes;
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Takes the VOC away again. */
  void end() throws PoolException, InterruptedException {
    voc.ap().run("voc", "unregister", VOC).orThrow();
  }

  private void round(int nodes) throws PoolException, InterruptedException {
    queue.forgetEnded();
    var _ = voc.submit("alice", PayloadJobs.small(nodes, 600));
    var _ =
        queue.await(
            "%d running node jobs".formatted(nodes),
            BOUND,
            jobs ->
                jobs.stream()
                        .filter(job -> job.isNodeOf(VOC) && job.isQueued())
                        .filter(job -> job.status() == QueuedJob.RUNNING)
                        .count()
                    == nodes);
    Await.until("%d machines".formatted(nodes), BOUND, this::machines, running -> running == nodes);
    voc.ap().run("condor_rm", "-all").orThrow();
    voc.awaitNothingLeft(BOUND);
    var _ =
        queue.await(
            "an empty queue",
            BOUND,
            jobs -> jobs.stream().allMatch(job -> job.until().isPresent()));
  }

  private int machines() throws PoolException, InterruptedException {
    int running = 0;
    for (Host host : voc.pool().executeHosts()) {
      running += VocPool.virtualMachines(host).size();
    }
    return running;
  }
}
