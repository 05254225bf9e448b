package org.vocluster.vm.hypervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The host's UEFI firmware for virtual machines.
 *
 * @param code VOC_OVMF_CODE, or null if the host names none
 * @param variables VOC_OVMF_VARS, an empty variable store, or null if the host names none
 */
public record Ovmf(@Nullable Path code, @Nullable Path variables) {
  /** Whether both files are here and the account that asks can read them. */
  public boolean isUsable() {
    return isUsable(code) && isUsable(variables);
  }

  private static boolean isUsable(@Nullable Path file) {
    return file != null && Files.isRegularFile(file) && Files.isReadable(file);
  }
}
