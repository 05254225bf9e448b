/** Carries actions out: submits, removes, drains and edits node jobs. */
@NullMarked
package org.vocluster.sizing.submit;

import org.jspecify.annotations.NullMarked;
