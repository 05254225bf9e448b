package org.vocluster.vm.qemu;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.KernelArguments;

/** How a node's machine starts, with the files of its host that this takes. */
public sealed interface Boot {
  /** SeaBIOS starts what is on the disk. */
  record Bios() implements Boot {}

  /**
   * OVMF starts what is on the disk.
   *
   * @param code the host's firmware
   * @param variables the node's own copy of the empty variable store
   */
  record Uefi(Path code, Path variables) implements Boot {}

  /**
   * QEMU starts a kernel.
   *
   * @param initrd its first root, or null
   */
  record Kernel(Path kernel, @Nullable Path initrd, KernelArguments arguments) implements Boot {}
}
