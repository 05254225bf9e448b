package org.vocluster.sizing;

import java.time.Duration;

/**
 * Bounds of every decision.
 *
 * @param blindNodes a VOC's nodes are not increased beyond this many while its slots are unknown
 * @param perPass node jobs submitted for one VOC at a time
 * @param queuedAtLeast how long a node job stays in the queue before it is removed as surplus
 * @param bootWithin how long a running node job may take until its node joins the pool
 */
record SizingLimits(int blindNodes, int perPass, Duration queuedAtLeast, Duration bootWithin) {
  static final SizingLimits DEFAULT =
      new SizingLimits(4, 100, Duration.ofSeconds(10), Duration.ofMinutes(15));
}
