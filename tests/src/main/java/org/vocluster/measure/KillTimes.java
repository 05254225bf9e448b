package org.vocluster.measure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vocluster.pool.Await;
import org.vocluster.pool.PoolException;
import org.vocluster.vocpool.VocPool;

/** How long after the start of condor_rm a node's process and its ads were gone. */
public record KillTimes(Duration processGone, Duration adsGone) {
  private static final long BOUND = Duration.ofMinutes(1).toNanos();

  public static KillTimes watch(VocPool voc, long machine, String node, long start, String job)
      throws PoolException, InterruptedException {
    try (ExecutorService watcher = Executors.newSingleThreadExecutor()) {
      Future<Duration> process = watcher.submit(() -> untilGone(machine, start));
      voc.ap().run("condor_rm", job).orThrow();
      Await.until(
          "ads of node %s to be gone".formatted(node),
          Duration.ofMinutes(1),
          () -> voc.nodeAds("Name").stream().filter(name -> name.contains(node)).toList(),
          List::isEmpty);
      Duration ads = Duration.ofNanos(System.nanoTime() - start);
      return new KillTimes(process.get(), ads);
    } catch (ExecutionException e) {
      throw new PoolException("watching QEMU of node %s: %s".formatted(node, e.getCause()), e);
    }
  }

  private static Duration untilGone(long machine, long start)
      throws PoolException, InterruptedException {
    while (MachineProcess.runs(machine)) {
      if (System.nanoTime() - start > BOUND) {
        throw new PoolException("QEMU, process %d, still runs".formatted(machine));
      }
      Thread.sleep(1);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
