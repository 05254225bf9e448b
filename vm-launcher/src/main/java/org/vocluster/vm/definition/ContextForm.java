package org.vocluster.vm.definition;

import org.jspecify.annotations.Nullable;

/** How a node's guest finds its context. */
public enum ContextForm {
  /** The package voc-guest in the image reads it from QEMU's firmware configuration. */
  FW_CFG("fw_cfg"),
  /** cloud-init in the image reads it from a small disk (NoCloud). */
  CLOUD_INIT("cloud-init");

  private final String text;

  ContextForm(String text) {
    this.text = text;
  }

  /** The name as it stands in definitions and ads. */
  public String text() {
    return text;
  }

  /** The form of this name, or null. */
  public static @Nullable ContextForm of(String text) {
    for (ContextForm form : values()) {
      if (form.text.equals(text)) {
        return form;
      }
    }
    return null;
  }
}
