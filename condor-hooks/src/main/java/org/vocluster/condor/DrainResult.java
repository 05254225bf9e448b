package org.vocluster.condor;

/** What a node's startd answered when it was told to take no more jobs unless it has one. */
public sealed interface DrainResult {
  /**
   * No slot was claimed, and none will be: the startd refuses every claim from now on, so that
   * ending the node harms no job. This holds until {@link HtCondor#resume}.
   */
  record Drained() implements DrainResult {}

  /**
   * A slot is claimed, or about to be; the node goes on as before.
   *
   * @param why the startd's own words
   */
  record Claimed(String why) implements DrainResult {}

  /**
   * No answer was understood. The startd may have been told nevertheless: what its slots say in the
   * collector is to be asked.
   */
  record Unreachable(String why) implements DrainResult {}
}
