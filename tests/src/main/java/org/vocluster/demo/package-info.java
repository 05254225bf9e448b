/** The main job, shown to people and measured. */
@NullMarked
package org.vocluster.demo;

import org.jspecify.annotations.NullMarked;
