/** What became of nodes, and the breakers that failures trip. Reads no clock. */
@NullMarked
package org.vocluster.sizing.history;

import org.jspecify.annotations.NullMarked;
