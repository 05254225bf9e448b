package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.vocluster.pool.Result;

/** What a program, a log or an ad has to say; a failure names all that is missing, and the text. */
final class Said {
  private Said() {}

  static void assertSays(String text, String... parts) {
    assertHas(text, text, parts);
  }

  /** On its standard output. */
  static void assertPrints(Result result, String... parts) {
    assertHas(result.stdout(), result, parts);
  }

  /** On its standard error. */
  static void assertComplains(Result result, String... parts) {
    assertHas(result.stderr(), result, parts);
  }

  private static void assertHas(String text, Object whole, String... parts) {
    List<String> missing = Arrays.stream(parts).filter(part -> !text.contains(part)).toList();
    assertEquals(List.of(), missing, () -> "is not said in: " + whole);
  }
}
