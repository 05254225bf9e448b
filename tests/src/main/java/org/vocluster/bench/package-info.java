/** Benchmarks on real pools. */
@NullMarked
package org.vocluster.bench;

import org.jspecify.annotations.NullMarked;
