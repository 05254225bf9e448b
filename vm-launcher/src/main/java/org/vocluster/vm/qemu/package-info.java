/**
 * QEMU behind the hypervisor's port: from a machine to an argument vector, from command lines back
 * to machines, and what this host's QEMU can. The only room that knows QEMU's words.
 */
@NullMarked
package org.vocluster.vm.qemu;

import org.jspecify.annotations.NullMarked;
