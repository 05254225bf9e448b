/**
 * Says in words why a job waits: from what was read of queue, pool and definitions to sentences.
 * {@code WhyQuestion} asks, with {@code PoolQuestion}, and is the only door to the world, {@code
 * Explainer} concludes reasons from the facts, {@code Words} says them; {@code PlanWords} and
 * {@code AuditTrail} say what sizing would do and did.
 */
@NullMarked
package org.vocluster.explain;

import org.jspecify.annotations.NullMarked;
