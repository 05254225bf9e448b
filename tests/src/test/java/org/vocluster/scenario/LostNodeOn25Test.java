package org.vocluster.scenario;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;

/** {@link LostNodeScenarios} with the newest HTCondor. */
@Tag("pool")
@Order(1)
final class LostNodeOn25Test extends LostNodeScenarios {
  LostNodeOn25Test() {
    super(Suite.SID);
  }
}
