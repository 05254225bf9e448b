package org.vocluster.sizing.queue;

import org.jspecify.annotations.Nullable;

/**
 * Values that show in an attribute's expression without evaluating it, as condor_submit and the
 * schedd write most of them. For both readers of queues; an expression that would have to be
 * evaluated is none of these, and is never evaluated here.
 */
final class Literals {
  private Literals() {}

  /** A whole number, 0 for anything else. */
  static long number(@Nullable String expression) {
    try {
      return expression == null ? 0 : Long.parseLong(expression.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The text of a string literal in old ClassAd syntax, empty for anything else. */
  static String unquoted(@Nullable String expression) {
    if (expression == null
        || expression.length() < 2
        || expression.charAt(0) != '"'
        || !expression.endsWith("\"")) {
      return "";
    }
    return expression.substring(1, expression.length() - 1).replace("\\\"", "\"");
  }

  static boolean isTrue(@Nullable String expression) {
    return expression != null && expression.strip().equalsIgnoreCase("true");
  }
}
