package org.vocluster.scenario;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vocluster.pool.Suite;

/** {@link LostNodeScenarios} with the oldest HTCondor. */
@Tag("pool")
@Order(2)
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
final class LostNodeOn23Test extends LostNodeScenarios {
  LostNodeOn23Test() {
    super(Suite.TRIXIE);
  }
}
