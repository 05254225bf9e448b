package org.vocluster.scenario;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.vocluster.pool.Suite;

/**
 * {@link SizingScenarios} with the oldest and the newest HTCondor, on two pools at once: most of
 * their time they wait for timers, not for the processor.
 */
@Tag("pool")
final class SizingOnPoolsTest {
  @Nested
  @Execution(ExecutionMode.CONCURRENT)
  final class OnCondor23 extends SizingScenarios {
    OnCondor23() {
      super(Suite.TRIXIE);
    }
  }

  @Nested
  @Execution(ExecutionMode.CONCURRENT)
  final class OnCondor25 extends SizingScenarios {
    OnCondor25() {
      super(Suite.SID);
    }
  }
}
