package org.vocluster.vm.definition;

/**
 * The command line of a kernel that QEMU starts directly. Its alphabet has nothing that could end a
 * word of ours: it passes through a submit description, a ClassAd string and a file with a word of
 * QEMU's command a line.
 */
public record KernelArguments(String value) {
  private static final int MOST = 1024;
  private static final String MARKS = " _-.,:;/=+@%~*[]";

  static final String RULE =
      "a kernel command line of letters, digits, spaces and \"_-.,:;/=+@%~*[]\", 1 to "
          + MOST
          + " characters";

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public KernelArguments {
    Names.require(isValid(value), value, "kernel arguments", RULE);
  }

  /** Whether the text can be a kernel's command line. */
  public static boolean isValid(String text) {
    if (text.isBlank() || text.length() > MOST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && MARKS.indexOf(c) < 0) {
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
