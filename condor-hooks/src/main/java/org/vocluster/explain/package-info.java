/**
 * Says in words why a job waits: from what was read of queue, pool and definitions to sentences.
 */
@NullMarked
package org.vocluster.explain;

import org.jspecify.annotations.NullMarked;
