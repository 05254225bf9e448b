package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's examples are the files under examples/, run and print what the README says. */
class ExamplesTest {
  private static String run(String example, String input) throws Exception {
    Process p =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "target/classes",
                "examples/" + example + ".java")
            .redirectErrorStream(true)
            .start();
    p.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    p.getOutputStream().close();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), out);
    return out;
  }

  private static void assertInReadme(String text) throws IOException {
    assertTrue(Files.readString(Path.of("README.md")).contains(text), text);
  }

  @Test
  void theReadmeShowsTheExamples() throws IOException {
    for (String example : List.of("Filter", "WhoMatches", "WhatItDependsOn")) {
      assertInReadme(Files.readString(Path.of("examples", example + ".java")));
    }
  }

  @Test
  void filterSetsAnAttribute() throws Exception {
    assertEquals("Cmd = \"/bin/true\"\nSeen = true\n", run("Filter", "Cmd = \"/bin/true\"\n"));
  }

  @Test
  void whoMatchesPrintsWhatTheReadmeSays() throws Exception {
    assertInReadme(run("WhoMatches", ""));
  }

  @Test
  void whatItDependsOnPrintsWhatTheReadmeSays() throws Exception {
    assertInReadme(run("WhatItDependsOn", ""));
  }
}
