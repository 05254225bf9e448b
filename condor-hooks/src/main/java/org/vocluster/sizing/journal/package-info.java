/**
 * What the sizer writes down, each in a file that only grows until it is put aside: its log for
 * administrators, the audit log of what was done and why, the log of nodes with their times. The
 * last two are read again by commands.
 */
@NullMarked
package org.vocluster.sizing.journal;

import org.jspecify.annotations.NullMarked;
