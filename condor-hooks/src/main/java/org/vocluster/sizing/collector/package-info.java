/** What the collector is asked and told. */
@NullMarked
package org.vocluster.sizing.collector;

import org.jspecify.annotations.NullMarked;
