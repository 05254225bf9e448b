package org.vocluster.vm.os;

/** Foreign text made fit for a one-line message: control characters escaped, length bounded. */
public final class Printable {
  private static final int LIMIT = 200;

  private Printable() {}

  /**
   * The text with control and non-ASCII characters as {@code \}{@code uXXXX}, cut after 200
   * characters.
   */
  public static String of(String text) {
    return of(text, LIMIT);
  }

  /**
   * As {@link #of(String)} with a limit of its own.
   *
   * @param limit greatest number of characters of {@code text} to show
   */
  public static String of(String text, int limit) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (i == limit) {
        return out.append("...").toString();
      }
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        String hex = Integer.toHexString(c);
        out.append("\\u").append("0000", 0, 4 - hex.length()).append(hex);
      }
    }
    return out.toString();
  }
}
