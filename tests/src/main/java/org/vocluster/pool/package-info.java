/** A real HTCondor pool of several hosts on one machine. */
@NullMarked
package org.vocluster.pool;

import org.jspecify.annotations.NullMarked;
