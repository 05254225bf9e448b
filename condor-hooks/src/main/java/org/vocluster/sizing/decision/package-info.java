/** From a situation to actions: the sizing policy. Pure. */
@NullMarked
package org.vocluster.sizing.decision;

import org.jspecify.annotations.NullMarked;
