package org.vocluster.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every decision record has a number of its own and its line, in order, in the index. */
final class DecisionIndexTest {
  private static final Path RECORDS = Path.of("../docs/decisions");
  private static final Pattern NAME = Pattern.compile("(\\d{4})-[a-z0-9-]+\\.md");
  private static final Pattern HEADLINE = Pattern.compile("# (\\d{4}): (.+)");
  private static final String INDEX = "README.md";

  @Test
  void indexListsEveryRecordWithItsHeadline() throws IOException {
    List<String> expected = records().stream().map(DecisionIndexTest::line).toList();
    List<String> index =
        Files.readAllLines(RECORDS.resolve(INDEX)).stream()
            .filter(line -> line.startsWith("- "))
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", index));
  }

  @Test
  void noNumberIsGivenTwice() throws IOException {
    Set<String> numbers = new HashSet<>();
    List<String> again =
        records().stream()
            .map(record -> record.getFileName().toString())
            .filter(name -> !numbers.add(name.substring(0, 4)))
            .toList();
    assertEquals(List.of(), again);
  }

  private static List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(RECORDS)) {
      return files.filter(file -> !file.endsWith(INDEX)).sorted().toList();
    }
  }

  private static String line(Path file) {
    String name = file.getFileName().toString();
    Matcher named = NAME.matcher(name);
    Matcher headline = HEADLINE.matcher(firstLine(file));
    if (!named.matches() || !headline.matches() || !headline.group(1).equals(named.group(1))) {
      throw new AssertionError(
          name + ": its name is to be 0123-some-words.md, its first line \"# 0123: Headline\"");
    }
    return "- [%s](%s) %s".formatted(named.group(1), name, headline.group(2));
  }

  private static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
