package org.vocluster.vm.definition;

import org.jspecify.annotations.Nullable;

/** What starts the system on a node's disk. */
public enum Firmware {
  /** QEMU's own SeaBIOS. */
  BIOS("bios"),
  /** The host's OVMF. */
  UEFI("uefi");

  private final String text;

  Firmware(String text) {
    this.text = text;
  }

  /** The name as it stands in definitions and ads. */
  public String text() {
    return text;
  }

  /** The firmware of this name, or null. */
  public static @Nullable Firmware of(String text) {
    for (Firmware firmware : values()) {
      if (firmware.text.equals(text)) {
        return firmware;
      }
    }
    return null;
  }
}
