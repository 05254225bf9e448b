package org.vocluster.vm.hypervisor;

import java.nio.file.Path;
import org.vocluster.vm.definition.DirectKernel;

/** How a node's machine starts, with the files of its host that this takes. */
public sealed interface Boot {
  /** The hypervisor's own BIOS starts what is on the disk. */
  record Bios() implements Boot {}

  /**
   * OVMF starts what is on the disk.
   *
   * @param code the host's firmware
   * @param variables the node's own copy of the empty variable store
   */
  record Uefi(Path code, Path variables) implements Boot {}

  /** The hypervisor starts a kernel. */
  record Kernel(DirectKernel<Path> kernel) implements Boot {}
}
