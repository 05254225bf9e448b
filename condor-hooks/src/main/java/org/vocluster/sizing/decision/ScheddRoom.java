package org.vocluster.sizing.decision;

/**
 * What the own schedd lets be queued and run: node jobs take of it what their payload needs, too.
 *
 * @param maxRunning jobs that it runs at a time ({@code MAX_JOBS_RUNNING}), all of them together
 * @param running how many it ran when it was last heard of
 * @param maxPerOwner jobs that one account may have in the queue ({@code MAX_JOBS_PER_OWNER}); a
 *     submission that would exceed it is refused as a whole
 */
public record ScheddRoom(int maxRunning, int running, int maxPerOwner) {
  /** One that says nothing of limits. */
  public static final ScheddRoom UNLIMITED =
      new ScheddRoom(Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
}
