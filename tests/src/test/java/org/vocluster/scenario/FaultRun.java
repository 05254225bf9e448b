package org.vocluster.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vocluster.pool.Await;
import org.vocluster.pool.Ending;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.QueueWatch;
import org.vocluster.pool.QueuedJob;
import org.vocluster.pool.VocPool;
import org.vocluster.scenario.FaultMatrix.Cell;
import org.vocluster.scenario.FaultMatrix.Stage;

/** Plays cells of the matrix, as many at a time as there are hosts, and ends the users' jobs. */
final class FaultRun {
  /** For a node to boot and run all users' jobs one after another. */
  private static final Duration LAST_NODE = Duration.ofMinutes(10);

  private final VocPool voc;
  private final QueueWatch queue;
  private final FaultScene scene;
  private final FaultReport report;

  FaultRun(VocPool voc, QueueWatch queue) throws PoolException, InterruptedException {
    this.voc = voc;
    this.queue = queue;
    this.scene = new FaultScene(voc, queue);
    String version = voc.ap().run("condor_config_val", "CONDOR_VERSION").orThrow().stdout().strip();
    this.report = new FaultReport(voc.pool().suite(), version);
  }

  /** One way of playing cells. */
  @FunctionalInterface
  private interface Play {
    FaultScene.Outcome play(Cell cell, Host host) throws PoolException, InterruptedException;
  }

  /**
   * Plays all cells: first those with nodes submitted by hand, while sizing stands still, then those
   * with nodes that sizing submits. All users' jobs of both are then to end in one last node.
   */
  FaultReport play(List<Cell> cells) throws PoolException, InterruptedException {
    List<Host> hosts = voc.pool().executeHosts();
    onHosts(
        hosts,
        cells.stream().filter(cell -> !FaultScene.needsGuest(cell)).toList(),
        scene::playWithoutGuest);
    scene.startSizing();
    // Nodes that never join teach sizing to beware of their hosts: they come last.
    onHosts(
        hosts.subList(0, hosts.size() - 1),
        cells.stream()
            .filter(FaultScene::needsGuest)
            .sorted(Comparator.comparing(cell -> cell.stage() == Stage.BOOTING))
            .toList(),
        scene::playInGuest);
    endPayloads();
    scene.clear();
    return report;
  }

  private void endPayloads() throws PoolException, InterruptedException {
    List<String> payloads =
        report.outcomes().stream()
            .map(FaultScene.Outcome::payload)
            .filter(payload -> !payload.isEmpty())
            .toList();
    for (String payload : payloads) {
      scene.send(payload);
    }
    try {
      Await.until(
          "all users' jobs to have left the queue",
          LAST_NODE,
          () -> queue.jobs(job -> payloads.contains(job.id()) && job.until().isEmpty()),
          List::isEmpty);
    } catch (PoolException e) {
      System.out.println(e.getMessage());
    }
    for (String payload : payloads) {
      Optional<Ending> ending =
          voc.endings(payload.replaceFirst("\\..*", "")).stream().findFirst();
      boolean held =
          queue.jobs(job -> job.id().equals(payload)).stream().anyMatch(QueuedJob::wasHeld);
      report.payload(payload, ending, held);
    }
  }

  private void onHosts(List<Host> hosts, List<Cell> cells, Play play)
      throws PoolException, InterruptedException {
    Queue<Cell> left = new ConcurrentLinkedQueue<>(cells);
    List<Future<?>> stages = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(hosts.size())) {
      for (Host host : hosts) {
        stages.add(
            threads.submit(
                () -> {
                  for (Cell cell = left.poll(); cell != null; cell = left.poll()) {
                    playOne(cell, host, play);
                  }
                  return null;
                }));
      }
      for (Future<?> stage : stages) {
        stage.get();
      }
    } catch (ExecutionException e) {
      throw new PoolException("a host of the matrix: " + e.getCause(), e);
    }
  }

  private void playOne(Cell cell, Host host, Play play) throws InterruptedException {
    long start = System.nanoTime();
    FaultScene.Outcome outcome;
    try {
      outcome = play.play(cell, host);
    } catch (PoolException | RuntimeException e) {
      outcome = FaultScene.Outcome.notPlayed(cell, String.valueOf(e.getMessage()));
    }
    report.add(outcome);
    System.out.printf(
        "%s on %s, %d s: %s%n",
        cell,
        host.name(),
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        outcome.inWords());
  }
}
