/** What the packages' shell programs promise. */
@NullMarked
package org.vocluster.packaging;

import org.jspecify.annotations.NullMarked;
