/**
 * Tries a sizing policy on a recorded workload before it is live: the sizer's own decisions, and a
 * model in virtual time of what HTCondor makes of them.
 */
@NullMarked
package org.vocluster.simulation;

import org.jspecify.annotations.NullMarked;
