package org.vocluster.hook;

import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;

/**
 * What slot ads say of the accelerator.
 *
 * @param usable whether nodes can run at all
 * @param name {@code kvm}, {@code tcg} or {@code none}
 */
record AcceleratorFact(boolean usable, String name, String reason) {
  static AcceleratorFact of(AcceleratorMode mode, AcceleratorAnswer kvm) {
    return switch (mode) {
      case TCG -> new AcceleratorFact(true, "tcg", "VOC_ACCELERATOR is tcg");
      case KVM -> new AcceleratorFact(kvm.works(), kvm.works() ? "kvm" : "none", kvm.reason());
      case AUTO -> new AcceleratorFact(true, kvm.works() ? "kvm" : "tcg", kvm.reason());
    };
  }
}
