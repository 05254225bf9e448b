/** What must work, and how it must fail, on a real pool with real virtual machines. */
@NullMarked
package org.vocluster.scenario;

import org.jspecify.annotations.NullMarked;
