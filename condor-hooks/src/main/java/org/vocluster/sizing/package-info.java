/**
 * How large each VOC should be: demand from the job queue, supply from the pool, a pure decision.
 */
@NullMarked
package org.vocluster.sizing;

import org.jspecify.annotations.NullMarked;
