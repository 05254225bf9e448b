/** What a simulation came to: what is counted, and the tables and plots made of it. */
@NullMarked
package org.vocluster.simulation.report;

import org.jspecify.annotations.NullMarked;
