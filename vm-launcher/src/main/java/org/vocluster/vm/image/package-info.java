/** The image store of a PAD host: fetching, verifying, caching, leasing and evicting. */
@NullMarked
package org.vocluster.vm.image;

import org.jspecify.annotations.NullMarked;
