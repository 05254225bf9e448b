/** The ClassAd language as HTCondor has it: parse, evaluate, match, print. */
@NullMarked
package org.vocluster.classad;

import org.jspecify.annotations.NullMarked;
