/** A pool that was there before VOC, with a site's own configuration and all kinds of users. */
@NullMarked
package org.vocluster.scenario.livedin;

import org.jspecify.annotations.NullMarked;
