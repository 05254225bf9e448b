/** What a VO writes: the VOC definition, the names and values in it, and what is wrong with it. */
@NullMarked
package org.vocluster.vm.definition;

import org.jspecify.annotations.NullMarked;
