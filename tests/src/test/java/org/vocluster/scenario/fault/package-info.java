/** The fault matrix: every end of a node at every stage, and what it leaves. */
@NullMarked
package org.vocluster.scenario.fault;

import org.jspecify.annotations.NullMarked;
