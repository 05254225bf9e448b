package org.vocluster.scenario.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Suite;
import org.vocluster.scenario.PoolOf;
import org.vocluster.scenario.PoolState;
import org.vocluster.scenario.Suites;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.VocPool;

/** However and whenever nodes end, nothing of them is left, and no user's job suffers from it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class LifecycleScenarios {
  private static final int CYCLES = Integer.getInteger("voc.cycles", Suites.ALL ? 200 : 20);
  private static final int WARM_UP = 8;

  /** Each runs two nodes at a time. */
  private static final int HOSTS = 4;

  /**
   * Connections that are open at the moment come and go, and heaps are not always full. What sizing
   * remembers of a node that has ended is far less than 4 KiB.
   */
  private static final PoolState.Slack SLACK =
      new PoolState.Slack(Math.min(10, CYCLES / 4), 4096, 48 * 1024, 512 + 4L * CYCLES);

  private final Suite suite;
  private final boolean wanted;
  private final boolean wholeMatrix;
  private @Nullable PoolOf pool;

  /**
   * The scenarios on a version of HTCondor.
   *
   * @param wanted whether they run at all
   * @param wholeMatrix whether all cells are played rather than the selection
   */
  LifecycleScenarios(Suite suite, boolean wanted, boolean wholeMatrix) {
    this.suite = suite;
    this.wanted = wanted;
    this.wholeMatrix = wholeMatrix;
  }

  @BeforeAll
  void poolWithGates() throws PoolException, InterruptedException {
    assumeTrue(wanted, "runs on %s only with -Dvoc.scenarios.all=true".formatted(suite));
    PoolPlan plan = PoolPlan.of(new PoolName("life" + suite.debianName()), suite, HOSTS);
    pool = PoolOf.of(plan, FaultScene.EXECUTE_CONFIG);
    for (Host host : pool.voc().pool().executeHosts()) {
      FaultScene.build(host);
    }
  }

  @AfterAll
  void poolDown() throws PoolException {
    if (pool != null) {
      pool.close();
    }
  }

  @Test
  @Order(1)
  void nothingGrowsHoweverManyNodesAreLaunchedAndKilled()
      throws PoolException, InterruptedException {
    run(
        (voc, queue) -> {
          LaunchKillCycles cycles = new LaunchKillCycles(voc, queue, 2 * HOSTS);
          var _ = cycles.run(WARM_UP);
          PoolState before = quiet(voc);
          Duration took = cycles.run(CYCLES);
          PoolState after = quiet(voc);
          cycles.end();
          System.out.printf(
              "%s: %d launches and kills in %.1f s; since then:%n%s",
              suite, CYCLES, took.toMillis() / 1000.0, after.comparedTo(before));
          assertEquals(List.of(), after.growthSince(before, SLACK));
          assertTrue(
              took.toSeconds() < 3L * CYCLES, () -> "%d cycles took %s".formatted(CYCLES, took));
        });
  }

  /** The pool's state when what began before now has ended or counts as lasting. */
  private static PoolState quiet(VocPool voc) throws PoolException, InterruptedException {
    long old = System.nanoTime() + PoolState.LASTING.plusSeconds(2).toNanos();
    Await.until("hooks to have ended", Duration.ofMinutes(1), () -> System.nanoTime() > old);
    return PoolState.of(voc);
  }

  @Test
  @Order(2)
  void everyEndAtEveryStageIsClean() throws PoolException, InterruptedException {
    run(
        (voc, queue) -> {
          FaultReport report = new FaultRun(voc, queue).play(cells());
          report.write();
          assertEquals(List.of(), report.misses(Suites.ALL ? 1 : 2));
        });
  }

  private List<FaultMatrix.Cell> cells() {
    String chosen = System.getProperty("voc.faults", "");
    return FaultMatrix.all().stream()
        .filter(FaultMatrix::isReal)
        .filter(
            cell ->
                chosen.isEmpty()
                    ? wholeMatrix || FaultMatrix.isInSelection(cell)
                    : cell.id().matches(chosen))
        .toList();
  }

  /** A piece of a test with the queue watched. */
  @FunctionalInterface
  private interface Watched {
    void run(VocPool voc, QueueWatch queue) throws PoolException, InterruptedException;
  }

  private void run(Watched test) throws PoolException, InterruptedException {
    if (pool == null) {
      throw new IllegalStateException("no pool");
    }
    pool.run(
        voc -> {
          try (QueueWatch queue = QueueWatch.of(voc.ap())) {
            test.run(voc, queue);
          }
        });
  }
}
