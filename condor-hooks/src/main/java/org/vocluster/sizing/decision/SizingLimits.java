package org.vocluster.sizing.decision;

import java.time.Duration;
import org.vocluster.vm.definition.VocDefinition;

/**
 * Bounds of every decision.
 *
 * @param maxNodes nodes of all VOCs together
 * @param blindNodes a VOC's nodes are not increased beyond this many while its slots are unknown
 * @param perPass node jobs submitted for one VOC at a time
 * @param maxRemovals node jobs removed and nodes told to leave at a time
 * @param queuedAtLeast how long a node job stays in the queue before it is removed as surplus
 * @param bootWithin how long a running node job may take until its node joins the pool
 * @param heldAtMost how long a node job stays on hold before it is removed
 */
public record SizingLimits(
    int maxNodes,
    int blindNodes,
    int perPass,
    int maxRemovals,
    Duration queuedAtLeast,
    Duration bootWithin,
    Duration heldAtMost) {
  public static final SizingLimits DEFAULT =
      new SizingLimits(
          VocDefinition.UNLIMITED_NODES,
          4,
          100,
          50,
          Duration.ofSeconds(10),
          Duration.ofMinutes(15),
          Duration.ofMinutes(10));

  public SizingLimits withMaxNodes(int nodes) {
    return new SizingLimits(
        nodes, blindNodes, perPass, maxRemovals, queuedAtLeast, bootWithin, heldAtMost);
  }

  public SizingLimits withMaxRemovals(int removals) {
    return new SizingLimits(
        maxNodes, blindNodes, perPass, removals, queuedAtLeast, bootWithin, heldAtMost);
  }

  public SizingLimits withBootWithin(Duration duration) {
    return new SizingLimits(
        maxNodes, blindNodes, perPass, maxRemovals, queuedAtLeast, duration, heldAtMost);
  }

  public SizingLimits withHeldAtMost(Duration duration) {
    return new SizingLimits(
        maxNodes, blindNodes, perPass, maxRemovals, queuedAtLeast, bootWithin, duration);
  }
}
