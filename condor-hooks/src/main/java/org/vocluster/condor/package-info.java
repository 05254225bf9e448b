/**
 * HTCondor's tools and identities, for hooks, sizing and commands alike: {@link
 * org.vocluster.condor.HtCondor} runs the tools, each call one bounded process, with the keys and
 * tokens that the call needs and no others. Knows ads as text and values, not what sizing makes of
 * them.
 */
@NullMarked
package org.vocluster.condor;

import org.jspecify.annotations.NullMarked;
