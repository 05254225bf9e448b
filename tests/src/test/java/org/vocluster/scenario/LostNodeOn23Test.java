package org.vocluster.scenario;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;

/** {@link LostNodeScenarios} with the oldest HTCondor. */
@Tag("pool")
@Order(2)
final class LostNodeOn23Test extends LostNodeScenarios {
  LostNodeOn23Test() {
    super(Suite.TRIXIE);
  }
}
