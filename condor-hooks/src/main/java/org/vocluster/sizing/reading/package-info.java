/** What a pass has seen: jobs alike, node jobs, slots. Values only. */
@NullMarked
package org.vocluster.sizing.reading;

import org.jspecify.annotations.NullMarked;
