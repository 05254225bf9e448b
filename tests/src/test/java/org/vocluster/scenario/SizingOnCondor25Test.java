package org.vocluster.scenario;

import org.vocluster.pool.Suite;

final class SizingOnCondor25Test extends SizingScenarios {
  SizingOnCondor25Test() {
    super(Suite.SID);
  }
}
