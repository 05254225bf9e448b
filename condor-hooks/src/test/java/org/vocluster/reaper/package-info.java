@NullMarked
package org.vocluster.reaper;

import org.jspecify.annotations.NullMarked;
