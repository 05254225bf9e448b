package org.vocluster.vm.definition;

/** The name of one of a VOC's machine shapes: a lower-case label of at most 31 characters. */
public record ShapeName(String value) implements Comparable<ShapeName> {
  static final int MAX_LENGTH = 31;
  static final String RULE =
      "a lower-case letter, then letters, digits and hyphens, at most "
          + MAX_LENGTH
          + " characters";

  /** The only shape of a definition that names none. */
  public static final ShapeName DEFAULT = new ShapeName("default");

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public ShapeName {
    Names.require(isValid(value), value, "shape name", RULE);
  }

  /** Whether the text can be a shape's name. */
  public static boolean isValid(String text) {
    return Names.isLabel(text, MAX_LENGTH);
  }

  /** In the order of the texts. */
  @Override
  public int compareTo(ShapeName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
