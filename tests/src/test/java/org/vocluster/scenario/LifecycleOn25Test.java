package org.vocluster.scenario;

import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;

/** {@link LifecycleScenarios} with the newest HTCondor in the long run. */
@Tag("pool")
final class LifecycleOn25Test extends LifecycleScenarios {
  LifecycleOn25Test() {
    super(Suite.SID, Suites.ALL, true);
  }
}
