@NullMarked
package org.vocluster.pool;

import org.jspecify.annotations.NullMarked;
