package org.vocluster;

import static org.junit.jupiter.api.Assertions.fail;

/** Asserts what a text for people says, wherever in it; a miss shows the whole text. */
public final class Said {
  private Said() {}

  /** All parts must be in the text, in any order. */
  public static void assertSays(String text, String... parts) {
    for (String part : parts) {
      if (!text.contains(part)) {
        fail("nothing says \"" + part + "\" in:\n" + text);
      }
    }
  }

  /** None of the parts may be in the text. */
  public static void assertDoesNotSay(String text, String... parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        fail("\"" + part + "\" is said in:\n" + text);
      }
    }
  }
}
