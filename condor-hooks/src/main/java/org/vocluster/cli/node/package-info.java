/** Subcommands about nodes: which there are, how long they boot, whether they take jobs. */
@NullMarked
package org.vocluster.cli.node;

import org.jspecify.annotations.NullMarked;
