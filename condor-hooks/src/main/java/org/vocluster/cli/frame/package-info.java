/**
 * What every subcommand of {@code voc} stands on: its form, its terminal, its host and its
 * settings.
 */
@NullMarked
package org.vocluster.cli.frame;

import org.jspecify.annotations.NullMarked;
