package org.vocluster.vm.definition;

import org.vocluster.vm.os.Printable;

/** The one rule for names that must be safe as file, account, host and attribute text. */
public final class Names {
  private Names() {}

  /**
   * Whether the text is a lower-case letter followed by lower-case letters, digits and inner
   * hyphens.
   *
   * @param max greatest length in characters
   */
  static boolean isLabel(String text, int max) {
    int length = text.length();
    if (length == 0 || length > max || text.charAt(length - 1) == '-') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      boolean later = i > 0 && ((c >= '0' && c <= '9') || c == '-');
      if (!letter && !later) {
        return false;
      }
    }
    return true;
  }

  public static String require(boolean valid, String text, String kind, String rule) {
    if (!valid) {
      throw new IllegalArgumentException(kind + " \"" + Printable.of(text) + "\" is not " + rule);
    }
    return text;
  }
}
