package org.vocluster.vm.definition;

/**
 * A node's unique id: a lower-case label of at most 63 characters, the limit of a host name's
 * label.
 */
public record NodeId(String value) implements Comparable<NodeId> {
  static final int MAX_LENGTH = 63;
  static final String RULE =
      "a lower-case letter, then letters, digits and hyphens, at most "
          + MAX_LENGTH
          + " characters";

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public NodeId {
    Names.require(isValid(value), value, "node id", RULE);
  }

  /** Whether the text can be a node's id. */
  public static boolean isValid(String text) {
    return Names.isLabel(text, MAX_LENGTH);
  }

  /** In the order of the texts. */
  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
