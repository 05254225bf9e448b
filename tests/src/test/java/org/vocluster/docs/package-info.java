/** The documentation against the code. */
@NullMarked
package org.vocluster.docs;

import org.jspecify.annotations.NullMarked;
