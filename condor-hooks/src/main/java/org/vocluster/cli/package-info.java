/** The {@code voc} command line. */
@NullMarked
package org.vocluster.cli;

import org.jspecify.annotations.NullMarked;
