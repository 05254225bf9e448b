package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every recorded answer of HTCondor's own library is also ours, in condor mode of 23.9, in strict
 * mode, and of 25.14, but for the cases that QUIRKS.md names and argues. {@code
 * -Dclassad.corpus=FILE} runs another corpus instead.
 */
class CondorParityTest {
  private static final int MAX_QUIRKS = 30;

  @Test
  void everyRecordedAnswerIsOurs() throws IOException {
    String other = System.getProperty("classad.corpus", "");
    Corpus corpus;
    try (InputStream in =
        other.isEmpty()
            ? CondorParityTest.class.getResourceAsStream("/corpus-a.jsonl.gz")
            : Files.newInputStream(find(other))) {
      corpus = Corpus.read(in, other.isEmpty() || other.endsWith(".gz"));
    }
    for (Corpus.Variant variant : Corpus.Variant.values()) {
      corpus.run(variant);
    }
    Set<String> quirks = quirks();
    List<Corpus.Failure> failures =
        corpus.failures.stream().filter(f -> !quirks.contains(f.id())).toList();
    if (!other.isEmpty()) {
      corpus.printCounts(System.out::println);
      corpus.failures.forEach(System.out::println);
    }
    if (!failures.isEmpty()) {
      fail(failures.size() + " answers differ, the first ones:\n" + first(failures));
    }
    assertTrue(corpus.cases.size() > 0);
  }

  @Test
  void quirksAreFewAndReal() throws IOException {
    Set<String> quirks = quirks();
    assertTrue(quirks.size() <= MAX_QUIRKS, "too many exceptions: " + quirks);
  }

  /** The file as seen from here, or from the folder that Maven was started in. */
  private static Path find(String file) {
    Path here = Path.of(file);
    return Files.exists(here) ? here : Path.of("..").resolve(file);
  }

  private static String first(List<Corpus.Failure> failures) {
    StringBuilder b = new StringBuilder();
    failures.stream().limit(40).forEach(f -> b.append(f).append('\n'));
    return b.toString();
  }

  private static Set<String> quirks() throws IOException {
    Set<String> ids = new HashSet<>();
    Matcher m = Pattern.compile("`(a-\\d{5})`").matcher(Files.readString(Path.of("QUIRKS.md")));
    while (m.find()) {
      ids.add(m.group(1));
    }
    return ids;
  }
}
