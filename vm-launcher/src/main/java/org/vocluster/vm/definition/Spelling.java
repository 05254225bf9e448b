package org.vocluster.vm.definition;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Guesses what a misspelt name was to be. */
final class Spelling {
  private static final int LONGEST = 64;

  private Spelling() {}

  /** The known name that is nearest, the first of several, if it is near enough to be meant. */
  static Optional<String> meant(String name, List<String> known) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String each : known) {
      int distance = distance(lower(each), lower(name));
      if (distance < least) {
        least = distance;
        nearest = each;
      }
    }
    return least <= Math.max(2, name.length() / 2) ? Optional.of(nearest) : Optional.empty();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance, on the first 64 characters. */
  private static int distance(String a, String b) {
    String left = a.substring(0, Math.min(LONGEST, a.length()));
    String right = b.substring(0, Math.min(LONGEST, b.length()));
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
