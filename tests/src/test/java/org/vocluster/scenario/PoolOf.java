package org.vocluster.scenario;

import java.nio.file.Path;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Story;
import org.vocluster.vocpool.VocPool;

/** The pool of one test class: up with our packages, logs collected when something fails. */
public final class PoolOf implements AutoCloseable {
  public static final Path PACKAGES =
      Path.of(System.getProperty("voc.debs", "../packaging/target/debs"));

  private final PoolName name;
  private final VocPool voc;

  private PoolOf(PoolName name, VocPool voc) {
    this.name = name;
    this.voc = voc;
  }

  /** For who works on scenarios: a pool of that name is used if it is up, and stays up. */
  private static final boolean KEPT = Boolean.getBoolean("voc.pools.keep");

  static PoolOf suite(String name, Suite suite) throws PoolException, InterruptedException {
    return of(PoolPlan.of(new PoolName(name), suite, 2));
  }

  static PoolOf of(PoolPlan plan) throws PoolException, InterruptedException {
    return of(plan, "");
  }

  /** A pool whose PAD hosts have HTCondor configuration of their own. */
  public static PoolOf of(PoolPlan plan, String executeConfig)
      throws PoolException, InterruptedException {
    if (KEPT && Pool.isUp(plan.name())) {
      return new PoolOf(plan.name(), VocPool.find(plan.name(), PACKAGES));
    }
    return new PoolOf(plan.name(), VocPool.up(plan, executeConfig, PACKAGES, Story.SILENT));
  }

  public VocPool voc() {
    return voc;
  }

  /** A piece of a test. */
  @FunctionalInterface
  public interface Scenario {
    public void run(VocPool voc) throws PoolException, InterruptedException;
  }

  /** Runs a scenario; if it fails, all hosts' logs are kept under target/pool-logs. */
  public void run(Scenario scenario) throws PoolException, InterruptedException {
    boolean passed = false;
    try {
      scenario.run(voc);
      passed = true;
    } finally {
      if (!passed) {
        voc.pool().collectLogs(Path.of("target/pool-logs", name.value()));
      }
    }
  }

  @Override
  public void close() throws PoolException {
    if (KEPT) {
      return;
    }
    try {
      Pool.down(name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
