package org.vocluster.scenario;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vocluster.pool.Suite;

/** {@link LostNodeScenarios} with the newest HTCondor. */
@Tag("pool")
@Order(1)
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
final class LostNodeOn25Test extends LostNodeScenarios {
  LostNodeOn25Test() {
    super(Suite.SID);
  }
}
