package org.vocluster.scenario.fault;

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
import org.jspecify.annotations.Nullable;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.scenario.fault.FaultMatrix.Cell;
import org.vocluster.scenario.fault.FaultMatrix.Stage;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.VocPool;

/** Plays cells of the matrix, as many at a time as there are hosts, and ends the users' jobs. */
final class FaultRun {
  /** For a node to boot and run all users' jobs one after another. */
  private static final Duration LAST_NODE = Duration.ofMinutes(10);

  private final VocPool voc;
  private final QueueWatch queue;
  private final FaultScene scene;
  private final FaultReport report;

  /** The schedd waits for minutes for a host that says nothing; the next cell does not. */
  private final ExecutorService bookkeepers = Executors.newVirtualThreadPerTaskExecutor();

  private final Queue<Future<?>> accounts = new ConcurrentLinkedQueue<>();

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
    FaultScene.Played play(Cell cell, Host host) throws PoolException, InterruptedException;
  }

  /**
   * Plays all cells: first those with nodes submitted by hand, while sizing stands still, then
   * those with nodes that sizing submits. All users' jobs of both are then to end in one last node.
   */
  FaultReport play(List<Cell> cells) throws PoolException, InterruptedException {
    List<Host> hosts = voc.pool().executeHosts();
    onHosts(
        hosts, cells.stream().filter(cell -> !cell.needsGuest()).toList(), scene::playWithoutGuest);
    scene.startSizing();
    // Where sizing gives a node up after minutes, others wait for them; and nodes that never join
    // teach it to beware of their hosts: they come last.
    onHosts(
        hosts.subList(0, hosts.size() - 1),
        cells.stream()
            .filter(Cell::needsGuest)
            .sorted(
                Comparator.comparing((Cell cell) -> cell.stage() == Stage.BOOTING)
                    .thenComparing(Cell::endsBySizing))
            .toList(),
        scene::playInGuest);
    bookkeepers.shutdown();
    for (Future<?> account : accounts) {
      done(account);
    }
    endPayloads();
    scene.clear();
    return report;
  }

  private void endPayloads() throws PoolException, InterruptedException {
    List<String> payloads =
        report.outcomes().stream()
            .map(Outcome::payload)
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
      Optional<Ending> ending = voc.endings(payload.replaceFirst("\\..*", "")).stream().findFirst();
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
        done(stage);
      }
    }
  }

  private static void done(Future<?> work) throws PoolException, InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw new PoolException("the matrix: " + e.getCause(), e);
    }
  }

  private void playOne(Cell cell, Host host, Play play) throws InterruptedException {
    try {
      FaultScene.Played played = play.play(cell, host);
      System.out.printf("%s on %s: %s%n", cell, host.name(), played.departure());
      accounts.add(bookkeepers.submit(() -> account(played)));
    } catch (PoolException | RuntimeException e) {
      notPlayed(cell, e);
    }
  }

  private @Nullable Void account(FaultScene.Played played) throws InterruptedException {
    Cell cell = played.player().cell();
    try {
      Outcome outcome = scene.account(played);
      System.out.printf("%s: node job %s%n", cell, outcome.nodeJob());
      report.add(outcome);
      report.write();
    } catch (PoolException | RuntimeException e) {
      notPlayed(cell, e);
    }
    return null;
  }

  private void notPlayed(Cell cell, Exception e) {
    System.out.printf("%s: not played: %s%n", cell, e.getMessage());
    report.add(Outcome.notPlayed(cell, String.valueOf(e.getMessage())));
  }
}
