/** Which jobs which VOC could serve. Pure. */
@NullMarked
package org.vocluster.sizing.demand;

import org.jspecify.annotations.NullMarked;
