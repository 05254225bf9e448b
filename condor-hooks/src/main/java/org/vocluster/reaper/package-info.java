/**
 * The part of an access point that runs as root: ends the shadows of payload jobs whose node has
 * ended, so that they are back in the queue at once and not at the end of their lease.
 *
 * <p>It takes nothing but jobs' numbers, from HTCondor's account alone, and finds out for itself
 * what follows from them: {@link org.vocluster.reaper.Reaper} listens, {@code Shadows} finds a
 * job's process and holds it, {@code QueuesWord} asks the schedd, {@code Judgement} judges, {@code
 * Inquest} does these in the order that makes them safe. It knows nothing of sizing.
 */
@NullMarked
package org.vocluster.reaper;

import org.jspecify.annotations.NullMarked;
