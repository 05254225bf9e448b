/** {@code voc simulate}: from its options to a simulation and its report. */
@NullMarked
package org.vocluster.cli.simulate;

import org.jspecify.annotations.NullMarked;
