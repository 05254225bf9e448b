package org.vocluster.scenario;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;

/** {@link SizingScenarios} with the oldest HTCondor. */
@Tag("pool")
@Order(3)
final class SizingOn23Test extends SizingScenarios {
  SizingOn23Test() {
    super(Suite.TRIXIE);
  }
}
