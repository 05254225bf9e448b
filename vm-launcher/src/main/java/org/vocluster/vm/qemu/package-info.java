/**
 * From a boot form and a machine's shape to QEMU's argument vector, and what this host's QEMU can.
 */
@NullMarked
package org.vocluster.vm.qemu;

import org.jspecify.annotations.NullMarked;
