package org.vocluster.vm.definition;

/** A VOC definition's name: a lower-case label of at most 31 characters. */
public record VocName(String value) implements Comparable<VocName> {
  static final int MAX_LENGTH = 31;
  static final String RULE =
      "a lower-case letter, then letters, digits and hyphens, at most "
          + MAX_LENGTH
          + " characters";

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public VocName {
    Names.require(isValid(value), value, "VOC name", RULE);
  }

  /** Whether the text can be a definition's name. */
  public static boolean isValid(String text) {
    return Names.isLabel(text, MAX_LENGTH);
  }

  /** In the order of the texts. */
  @Override
  public int compareTo(VocName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
