package org.vocluster.vm.hypervisor;

/** How QEMU runs the guest's instructions. */
public enum Accelerator {
  /** On the processor, through the kernel. */
  KVM("kvm"),
  /** By translation; works everywhere, an order of magnitude slower. */
  TCG("tcg");

  private final String text;

  Accelerator(String text) {
    this.text = text;
  }

  /** The name as it stands in ads and on command lines. */
  public String text() {
    return text;
  }
}
