/**
 * What the launcher asks of the operating system: programs, files, text that is safe to print.
 * Knows nothing of virtual machines.
 */
@NullMarked
package org.vocluster.vm.os;

import org.jspecify.annotations.NullMarked;
