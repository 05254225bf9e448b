/** VOC in the test pool: installed roles, VO images, payload jobs, and what was seen of them. */
@NullMarked
package org.vocluster.vocpool;

import org.jspecify.annotations.NullMarked;
