/** What demonstration and benchmarks measure, and how. */
@NullMarked
package org.vocluster.measure;

import org.jspecify.annotations.NullMarked;
