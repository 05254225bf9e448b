/** What dead nodes left on a host, and its removal. */
@NullMarked
package org.vocluster.vm.leftover;

import org.jspecify.annotations.NullMarked;
