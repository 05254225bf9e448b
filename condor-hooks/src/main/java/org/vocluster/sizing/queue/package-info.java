/** The jobs of this schedd, followed in job_queue.log, and of others, asked for. */
@NullMarked
package org.vocluster.sizing.queue;

import org.jspecify.annotations.NullMarked;
