package org.vocluster.vm.definition;

/**
 * A Virtual Organization's name: a lower-case label of at most 28 characters, so that the VO's
 * account {@code voc-<name>} keeps within the 32 characters of a Linux account name.
 */
public record VoName(String value) implements Comparable<VoName> {
  /** With the VO's name behind it, the account that owns the VO's node jobs. */
  public static final String ACCOUNT_PREFIX = "voc-";

  /** In the users' map and in {@code +VocVO}: the job is an ordinary one, and so no VO's name. */
  public static final String OUTSIDE = "none";

  static final int MAX_LENGTH = 28;
  static final String RULE =
      "a lower-case letter, then letters, digits and hyphens, at most "
          + MAX_LENGTH
          + " characters, and not "
          + OUTSIDE;

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public VoName {
    Names.require(isValid(value), value, "VO name", RULE);
  }

  /** Whether the text can be a VO's name. */
  public static boolean isValid(String text) {
    return Names.isLabel(text, MAX_LENGTH) && !text.equals(OUTSIDE);
  }

  /** The account that owns this VO's node jobs. */
  public String account() {
    return ACCOUNT_PREFIX + value;
  }

  /** In the order of the texts. */
  @Override
  public int compareTo(VoName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
