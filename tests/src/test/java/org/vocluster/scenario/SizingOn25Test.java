package org.vocluster.scenario;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;

/** {@link SizingScenarios} with the newest HTCondor. */
@Tag("pool")
@Order(1)
final class SizingOn25Test extends SizingScenarios {
  SizingOn25Test() {
    super(Suite.SID);
  }
}
