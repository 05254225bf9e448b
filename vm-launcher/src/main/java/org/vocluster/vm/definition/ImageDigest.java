package org.vocluster.vm.definition;

/** The SHA-256 of an image file, as 64 lower-case hexadecimal digits. */
public record ImageDigest(String value) implements Comparable<ImageDigest> {
  static final String RULE = "the 64 lower-case hexadecimal digits of a SHA-256";

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public ImageDigest {
    Names.require(isValid(value), value, "image digest", RULE);
  }

  /** Whether the text can be an image's digest. */
  public static boolean isValid(String text) {
    if (text.length() != 64) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }

  /** In the order of the texts. */
  @Override
  public int compareTo(ImageDigest other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
