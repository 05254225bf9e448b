package org.vocluster.classad.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassAdToolTest {
  private record Outcome(int status, String out, String err) {}

  private static Outcome run(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        ClassAdTool.run(
            args,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void evaluatesInEachAdOfTheInput() {
    assertEquals(
        new Outcome(0, "2\n6\n", ""), run("A = 1\n\nA = 5\n", "eval", "--ad", "-", "A + 1"));
    assertEquals(new Outcome(0, "3\n", ""), run("", "eval", "1 + 2"));
  }

  @Test
  void convertsBetweenAllForms() {
    String text = "A = 1 + 1\nB = \"x\"\n";
    String json = run(text, "convert", "--to", "json").out;
    String xml = run(json, "convert", "--to", "xml").out;
    String fresh = run(xml, "convert", "--to", "new").out;
    assertEquals("[ A = 1 + 1; B = \"x\" ]\n", fresh);
    assertEquals(text, run(fresh, "convert", "--to", "long").out);
  }

  @Test
  void convertSetsAttributesOnTheWay() {
    Outcome set =
        run("A = 1\nB = 2\n", "convert", "--to", "long", "--set", "a = B + 1", "--set", "C=true");
    assertEquals("A = B + 1\nB = 2\nC = true\n", set.out.replaceFirst("^a", "A"));
    assertEquals(2, run("A = 1\n", "convert", "--set", "novalue").status);
    assertEquals(2, run("A = 1\n", "convert", "--set", "B=1 +").status);
  }

  @Test
  void convertKeepsBytesThatAreNoUtf8(@TempDir Path dir) throws IOException {
    byte[] ad = "S = \"\u00ff\"\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(dir.resolve("ad"), ad);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    String[] arguments = {"convert", "--to", "long", file.toString()};
    assertEquals(0, ClassAdTool.run(arguments, InputStream.nullInputStream(), stream, stream));
    assertArrayEquals(ad, out.toByteArray());
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path dir) {
    String file = dir.resolve("absent").toString();
    assertEquals(
        new Outcome(2, "", "voc: " + file + ": there is no such file; - is standard input\n"),
        run("", "convert", file));
  }

  @Test
  void matchSaysWhoRefuses(@TempDir Path dir) throws IOException {
    Path job = Files.writeString(dir.resolve("job"), "Requirements = TARGET.Memory > 5\n");
    Path machine =
        Files.writeString(
            dir.resolve("machine"), "Name = \"m1\"\nMemory = 3\nRequirements = true\n");
    Outcome o = run("", "match", job.toString(), machine.toString());
    assertEquals(1, o.status);
    assertTrue(o.out.startsWith("ad 1 and m1: no match\n  left  Requirements = false"), o.out);
  }

  @Test
  void refsTellInsideFromOutside() {
    assertEquals(
        new Outcome(0, "internal A\nexternal TARGET.B\n", ""),
        run("A = 1\n", "refs", "--ad", "-", "A > TARGET.B"));
  }

  @Test
  void faultsNameThingAndPlace() {
    Outcome o = run("", "eval", "1 +");
    assertEquals(2, o.status);
    assertEquals("voc: 1 +: line 1, column 4: found end of input, expected an expression\n", o.err);
    assertEquals(2, run("", "eval", "--ad", "/no/such/file", "1").status);
    assertEquals(2, run("", "frobnicate").status);
    assertEquals(2, run("", "convert", "--to", "yaml").status);
    assertTrue(run("A = (\n", "convert", "-").err.contains("line 1"));
  }
}
