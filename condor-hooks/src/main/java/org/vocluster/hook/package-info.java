/** One class per HTCondor hook: read an ad, decide, print the answer. */
@NullMarked
package org.vocluster.hook;

import org.jspecify.annotations.NullMarked;
