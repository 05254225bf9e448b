package org.vocluster.vm.definition;

import org.jspecify.annotations.Nullable;

/** Which accelerator a definition or a host asks for. */
public enum AcceleratorMode {
  /** KVM where the probe has seen it work, else TCG. */
  AUTO("auto"),
  /** KVM or not at all. */
  KVM("kvm"),
  /** TCG even where KVM would work. */
  TCG("tcg");

  private final String text;

  AcceleratorMode(String text) {
    this.text = text;
  }

  /** The name as it stands in definitions and arguments. */
  public String text() {
    return text;
  }

  /** The mode of this name, or null. */
  public static @Nullable AcceleratorMode of(String text) {
    for (AcceleratorMode mode : values()) {
      if (mode.text.equals(text)) {
        return mode;
      }
    }
    return null;
  }
}
