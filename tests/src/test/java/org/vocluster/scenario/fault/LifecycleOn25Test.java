package org.vocluster.scenario.fault;

import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;
import org.vocluster.scenario.Suites;

/** {@link LifecycleScenarios} with the newest HTCondor in the long run. */
@Tag("pool")
final class LifecycleOn25Test extends LifecycleScenarios {
  LifecycleOn25Test() {
    super(Suite.SID, Suites.ALL, true);
  }
}
