/**
 * Carries actions out, aside from the sizer's passes: {@link
 * org.vocluster.sizing.submit.NodeActions} is the door. It decides nothing.
 */
@NullMarked
package org.vocluster.sizing.submit;

import org.jspecify.annotations.NullMarked;
