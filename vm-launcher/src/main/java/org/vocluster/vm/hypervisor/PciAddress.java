package org.vocluster.vm.hypervisor;

import org.vocluster.vm.definition.Names;

/** Where a device sits on the PCI bus, as {@code lspci -D} prints it: {@code 0000:3b:00.0}. */
public record PciAddress(String value) {
  static final String RULE = "a PCI address like 0000:3b:00.0";
  private static final String FORM = "xxxx:xx:xx.o";

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public PciAddress {
    Names.require(isValid(value), value, "device", RULE);
  }

  /** Whether the text is a domain, bus, device and function, in lower-case hexadecimal digits. */
  public static boolean isValid(String text) {
    if (text.length() != FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char c = text.charAt(i);
      boolean valid =
          switch (FORM.charAt(i)) {
            case 'x' -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            case 'o' -> c >= '0' && c <= '7';
            default -> c == FORM.charAt(i);
          };
      if (!valid) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
