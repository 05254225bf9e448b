package org.vocluster.scenario;

import org.junit.jupiter.api.Tag;
import org.vocluster.pool.Suite;

/** {@link SizingScenarios} with the oldest HTCondor. */
@Tag("pool")
final class SizingOn23Test extends SizingScenarios {
  SizingOn23Test() {
    super(Suite.TRIXIE);
  }
}
