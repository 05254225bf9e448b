package org.vocluster.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each situation a job can be in, and the whole of what its owner is told: one file a case, the
 * situation in the words of {@link Situation#of}, an empty line, and what is said.
 */
class ExplainerTest {
  @ParameterizedTest
  @MethodSource
  void everySituationIsSaidInWords(String situation, String words) {
    assertEquals(words, Situation.of(situation).inWords());
  }

  static List<Arguments> everySituationIsSaidInWords() throws IOException, URISyntaxException {
    List<Arguments> cases = new ArrayList<>();
    Path directory =
        Path.of(Objects.requireNonNull(ExplainerTest.class.getResource("explainer")).toURI());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.txt")) {
      for (Path file : files) {
        String[] halves = Files.readString(file).split("\n\n", 2);
        cases.add(argumentSet(file.getFileName().toString(), halves[0], halves[1]));
      }
    }
    return cases;
  }
}
