package org.vocluster.scenario;

import org.vocluster.pool.Suite;

final class SizingOnCondor23Test extends SizingScenarios {
  SizingOnCondor23Test() {
    super(Suite.TRIXIE);
  }
}
