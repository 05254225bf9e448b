package org.vocluster.sizing;

import java.util.HashSet;
import java.util.Set;

/**
 * The names that may be attributes in an expression: every word outside string literals. A superset
 * of the real references (it has function names too), which is all that grouping jobs needs: a name
 * too many never makes unlike jobs one group.
 */
final class AttributeWords {
  private AttributeWords() {}

  static Set<String> in(String expression) {
    Set<String> words = new HashSet<>();
    int end = expression.length();
    int i = 0;
    while (i < end) {
      char c = expression.charAt(i);
      if (c == '"') {
        i = closing(expression, i, '"') + 1;
      } else if (c == '\'') {
        int close = closing(expression, i, '\'');
        words.add(expression.substring(i + 1, close));
        i = close + 1;
      } else if (isWord(c)) {
        int start = i;
        while (i < end && isWord(expression.charAt(i))) {
          i++;
        }
        if (!Character.isDigit(c)) {
          words.add(expression.substring(start, i));
        }
      } else {
        i++;
      }
    }
    return words;
  }

  private static int closing(String text, int open, char quote) {
    int i = open + 1;
    while (i < text.length() && text.charAt(i) != quote) {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i, text.length());
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}
