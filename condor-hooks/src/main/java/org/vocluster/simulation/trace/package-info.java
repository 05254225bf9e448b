/** Reads recorded workloads: which jobs a simulation submits, when and whose. */
@NullMarked
package org.vocluster.simulation.trace;

import org.jspecify.annotations.NullMarked;
