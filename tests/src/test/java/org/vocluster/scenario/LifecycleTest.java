package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.QueueWatch;
import org.vocluster.pool.Suite;
import org.vocluster.pool.VocPool;

/** However and whenever nodes end, nothing of them is left, and no user's job suffers from it. */
@Tag("pool")
final class LifecycleTest {
  private static final int CYCLES = Integer.getInteger("voc.cycles", Suites.ALL ? 200 : 20);
  private static final int WARM_UP = 8;
  private static final int HOSTS = 4;

  /** Of a daemon's descriptors, connections that are open at the moment come and go. */
  private static final PoolState.Slack SLACK =
      new PoolState.Slack(Math.min(10, CYCLES / 4), 4096, 48 * 1024);

  static List<Suite> suites() {
    return Suites.chosen();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void nothingGrowsHoweverManyNodesAreLaunchedAndKilled(Suite suite)
      throws PoolException, InterruptedException {
    PoolPlan plan = PoolPlan.of(new PoolName("cycles" + suite.debianName()), suite, HOSTS);
    try (PoolOf pool = PoolOf.of(plan, "VOC_ACCELERATOR = tcg\n")) {
      pool.run(
          voc -> {
            try (QueueWatch queue = QueueWatch.of(voc.ap())) {
              cycles(voc, queue);
            }
          });
    }
  }

  private static void cycles(VocPool voc, QueueWatch queue)
      throws PoolException, InterruptedException {
    LaunchKillCycles cycles = new LaunchKillCycles(voc, queue, 2 * HOSTS);
    var _ = cycles.run(WARM_UP);
    PoolState before = quiet(voc);
    Duration took = cycles.run(CYCLES);
    PoolState after = quiet(voc);
    System.out.printf(
        "%s: %d launches and kills in %.1f s; since then:%n%s",
        voc.pool().suite(), CYCLES, took.toMillis() / 1000.0, after.memory(before));
    assertEquals(List.of(), after.growthSince(before, SLACK));
    assertTrue(took.toSeconds() < 3L * CYCLES, () -> "%d cycles took %s".formatted(CYCLES, took));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyEndAtEveryStageIsClean(Suite suite) throws PoolException, InterruptedException {
    PoolPlan plan = PoolPlan.of(new PoolName("faults" + suite.debianName()), suite, HOSTS);
    try (PoolOf pool = PoolOf.of(plan, FaultScene.EXECUTE_CONFIG)) {
      pool.run(
          voc -> {
            try (QueueWatch queue = QueueWatch.of(voc.ap())) {
              FaultReport report = new FaultRun(voc, queue).play(cells());
              report.write();
              assertEquals(List.of(), report.misses());
            }
          });
    }
  }

  private static List<FaultMatrix.Cell> cells() {
    String chosen = System.getProperty("voc.faults", "");
    return FaultMatrix.all().stream()
        .filter(FaultMatrix::isReal)
        .filter(
            cell ->
                chosen.isEmpty()
                    ? Suites.ALL || FaultMatrix.isInSelection(cell)
                    : cell.id().matches(chosen))
        .toList();
  }

  /** The pool's state when what began before now has ended or counts as lasting. */
  private static PoolState quiet(VocPool voc) throws PoolException, InterruptedException {
    long old = System.nanoTime() + PoolState.LASTING.plusSeconds(2).toNanos();
    Await.until("hooks to have ended", Duration.ofMinutes(1), () -> System.nanoTime() > old);
    return PoolState.of(voc);
  }
}
