/** HTCondor's tools, ads and identities, for hooks, sizing and commands alike. */
@NullMarked
package org.vocluster.condor;

import org.jspecify.annotations.NullMarked;
