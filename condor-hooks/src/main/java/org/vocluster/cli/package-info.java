/**
 * The {@code voc} command line. {@link Voc} finds the subcommand; those about definitions, sizing
 * and jobs are here, those about nodes in {@code .node}, about a PAD host in {@code .pad}, and
 * {@code voc simulate} in {@code .simulate}. What all of them stand on is {@code .frame}, which
 * knows none of them.
 */
@NullMarked
package org.vocluster.cli;

import org.jspecify.annotations.NullMarked;
