package org.vocluster.scenario.fault;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;
import org.vocluster.scenario.Suites;

/** {@link LifecycleScenarios} with the oldest HTCondor, all of them in the long run. */
@Tag("pool")
@Order(4)
final class LifecycleOn23Test extends LifecycleScenarios {
  LifecycleOn23Test() {
    super(Suite.TRIXIE, true, Suites.ALL);
  }
}
