package org.vocluster.vm.qemu;

import java.util.List;
import org.vocluster.vm.hypervisor.Accelerator;

/**
 * The choices that nodes and the accelerator probe must share, else the probe would prove nothing.
 */
final class QemuPlatform {
  /** Boots as fast as the older "pc" and has PCI Express (docs/decisions/0102). */
  static final String MACHINE = "q35";

  static final List<String> COMMON =
      List.of(
          "-nodefaults",
          "-no-user-config",
          "-sandbox",
          "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
          "-display",
          "none",
          "-no-reboot");

  private QemuPlatform() {}

  /** The CPU model; TCG's "max" has what distributions' x86-64-v3 baselines need. */
  static String cpu(Accelerator accelerator) {
    return switch (accelerator) {
      case KVM -> "host";
      case TCG -> "max,la57=off";
    };
  }

  /**
   * The {@code -accel} value.
   *
   * @param tcgCacheMb size of TCG's translation buffer in MiB; QEMU's own default is 1 GiB, which a
   *     node's memory request does not cover
   */
  static String accel(Accelerator accelerator, int tcgCacheMb) {
    return switch (accelerator) {
      case KVM -> "kvm";
      case TCG -> "tcg,thread=multi,tb-size=" + tcgCacheMb;
    };
  }
}
