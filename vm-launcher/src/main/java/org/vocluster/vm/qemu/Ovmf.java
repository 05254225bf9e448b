package org.vocluster.vm.qemu;

import java.nio.file.Files;
import java.nio.file.Path;

/** The host's UEFI firmware for virtual machines: a file of code, and an empty variable store. */
public final class Ovmf {
  private Ovmf() {}

  /** Whether both files are here and the account that asks can read them. */
  public static boolean isUsable(Path code, Path variables) {
    return isUsable(code) && isUsable(variables);
  }

  private static boolean isUsable(Path file) {
    return Files.isRegularFile(file) && Files.isReadable(file);
  }
}
