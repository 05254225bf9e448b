package org.vocluster.sizing.reading;

/**
 * What the ads of one node say about its times, in seconds since 1970, 0 where they say nothing.
 * But for {@code heard} these are the node's own words, and whoever is root in it may make them up.
 *
 * @param exec VocExecTime
 * @param kernel VocKernelTime
 * @param startd DaemonStartTime
 * @param heard when the collector had the oldest of the ads (LastHeardFrom)
 * @param claimed since when the slot is claimed that has been for longest; 0 if none is
 */
public record NodeSighting(long exec, long kernel, long startd, long heard, long claimed) {

  /** Two ads of the same node. */
  public NodeSighting and(NodeSighting other) {
    return new NodeSighting(
        first(exec, other.exec),
        first(kernel, other.kernel),
        first(startd, other.startd),
        first(heard, other.heard),
        first(claimed, other.claimed));
  }

  private static long first(long a, long b) {
    return a <= 0 ? b : b <= 0 ? a : Math.min(a, b);
  }
}
