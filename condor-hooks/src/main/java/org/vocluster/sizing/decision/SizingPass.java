package org.vocluster.sizing.decision;

/**
 * One look at everything and what follows from it, without doing any of it: the very same function
 * for the size hook, for {@code voc plan} and for the simulator.
 *
 * @param situation what the readings come to
 * @param decision what to do about it
 */
public record SizingPass(PoolSituation situation, PoolDecision decision) {
  public static SizingPass of(Readings readings) {
    PoolSituation situation = Situations.of(readings);
    return new SizingPass(situation, Sizing.decide(situation));
  }
}
