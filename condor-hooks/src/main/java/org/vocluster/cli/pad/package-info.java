/** Subcommands about a PAD host: its images, and what dead nodes left on it. */
@NullMarked
package org.vocluster.cli.pad;

import org.jspecify.annotations.NullMarked;
