package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs what a fuzzer starts from and once found, on every build. */
class FuzzCorpusTest {
  private static final Path CORPUS = Path.of("src", "test", "fuzz");

  @TestFactory
  Stream<DynamicTest> everyInputEndsInAValueOrASyntaxError() {
    return Stream.of(
            inputs("long", Fuzz.LongText::fuzzerTestOneInput),
            inputs("new", Fuzz.NewText::fuzzerTestOneInput),
            inputs("json", Fuzz.JsonText::fuzzerTestOneInput),
            inputs("xml", Fuzz.XmlText::fuzzerTestOneInput),
            inputs("evaluate", Fuzz.Evaluated::fuzzerTestOneInput))
        .flatMap(s -> s);
  }

  private static Stream<DynamicTest> inputs(String name, Consumer<byte[]> target) {
    try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
      List<Path> list = files.sorted().toList();
      assertTrue(!list.isEmpty(), name);
      return list.stream()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      name + "/" + file.getFileName(),
                      () ->
                          assertTimeout(
                              Duration.ofSeconds(30),
                              () -> target.accept(Files.readAllBytes(file)))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
