/** Where the jobs of the queue run: kept of the few that do, beside what is kept of all. */
@NullMarked
package org.vocluster.sizing.queue.running;

import org.jspecify.annotations.NullMarked;
