package org.vocluster.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.vm.VocDefinition.Reading;

class VocDefinitionTest {
  private static final String SHA =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  private static final String REQUIRED =
      "Name = \"cms\"; VO = \"cms\"; Image = \"https://images.example.org/cms.qcow2\"; ImageSha256 = \""
          + SHA
          + "\"; Cpus = 4; MemoryMb = 8192; DiskMb = 40960;";

  private static VocDefinition valid(String text) {
    return assertInstanceOf(
            Reading.Valid.class,
            VocDefinition.parse("cms.ad", text),
            () -> VocDefinition.parse("cms.ad", text).toString())
        .definition();
  }

  private static List<String> problems(String text) {
    Reading.Invalid invalid =
        assertInstanceOf(Reading.Invalid.class, VocDefinition.parse("cms.ad", text));
    List<String> out = new ArrayList<>();
    for (Problem problem : invalid.problems()) {
      out.add(problem.message());
    }
    return out;
  }

  @Test
  void whatIsOptionalHasDefaults() {
    VocDefinition d = valid("[" + REQUIRED + "]");
    assertEquals(new MachineShape(4, 8192, 40960), d.shape());
    assertEquals(0, d.minNodes());
    assertEquals(VocDefinition.UNLIMITED_NODES, d.maxNodes());
    assertEquals(300, d.idleSeconds());
    assertEquals(86400, d.lifetimeSeconds());
    assertEquals("group_voc.cms", d.accountingGroup());
    assertEquals(AcceleratorMode.AUTO, d.accelerator());
  }

  @Test
  void valuesMayBeExpressionsAndCommented() {
    VocDefinition d =
        valid("// our VO\n[ " + REQUIRED.replace("8192", "8 * 1024") + " MaxNodes = 200; ]\n");
    assertEquals(8192, d.shape().memoryMb());
    assertEquals(200, d.maxNodes());
  }

  @Test
  void allProblemsAreToldAtOnce() throws Exception {
    List<String> all =
        problems(
            "[ Name = \"CMS/../x\"; VO = 7; Image = \"ftp://host/x\"; ImageSha256 = \"abc\"; Cpus = 0;"
                + " MemoryMb = \"much\"; MinNodes = 5; MaxNodes = 2; IdleSeconds = -1;"
                + " AccountingGroup = \"a b\"; Network = \"bridge\"; Accelerator = \"xen\" ]");
    Golden.assertGolden("definition-problems.txt", String.join("\n", all) + "\n");
  }

  @Test
  void emptyDefinitionNamesWhatIsMissing() {
    List<String> all = problems("[]");
    assertEquals(7, all.size(), all.toString());
    assertEquals("voc: cms.ad: Name is missing; add Name = \"cms\"", all.get(0));
  }

  @Test
  void syntaxFaultIsToldWithItsPlace() {
    List<String> all = problems("[ Name = \"cms\";\n VO = ;\n]");
    assertEquals(1, all.size());
    assertTrue(all.get(0).startsWith("voc: cms.ad: is no ClassAd: line 2, column"), all.get(0));
  }

  @ParameterizedTest
  @CsvSource({"MaxNode, MaxNodes", "memorymB1, MemoryMb", "Idle, VO", "ImageSha25, ImageSha256"})
  void unknownAttributeIsAWarningThatNamesTheNearest(String unknown, String nearest) {
    Reading.Valid reading =
        assertInstanceOf(
            Reading.Valid.class, VocDefinition.parse("f", "[" + REQUIRED + unknown + " = 1]"));
    assertEquals(1, reading.warnings().size());
    String message = reading.warnings().get(0).message();
    assertTrue(message.contains(unknown + " = 1 is no attribute"), message);
    if (!nearest.equals("VO")) {
      assertTrue(message.endsWith("did you mean " + nearest + "?"), message);
    }
  }

  @Test
  void credentialsInAnImageUrlAreNotRepeated() {
    String all =
        String.join(
            "\n", problems("[" + REQUIRED.replace("https://", "https://user:secret@") + "]"));
    assertFalse(all.contains("secret"), all);
    assertTrue(all.contains("has user information"), all);
  }

  @Test
  void meaningNotSpellingMakesTheDigest() {
    VocDefinition a = valid("[" + REQUIRED + "]");
    VocDefinition b =
        valid("[ MinNodes = 0; " + REQUIRED.replace("Cpus = 4", "cpus = 2 + 2") + "]");
    VocDefinition c = valid("[" + REQUIRED.replace("Cpus = 4", "Cpus = 5") + "]");
    assertEquals(a.canonicalText(), b.canonicalText());
    assertEquals(a.digest(), b.digest());
    assertNotEquals(a.digest(), c.digest());
  }

  @ParameterizedTest
  @CsvSource({
    "Cpus = 4, Cpus = 1025",
    "MemoryMb = 8192, MemoryMb = 63",
    "DiskMb = 40960, DiskMb = 1e6"
  })
  void sizesOutOfRangeAreRefused(String from, String to) {
    assertEquals(1, problems("[" + REQUIRED.replace(from, to) + "]").size());
  }

  @Test
  void fileIsReadAndAMissingOneIsAProblem(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("cms.ad");
    Files.writeString(file, "[" + REQUIRED + "]");
    assertInstanceOf(Reading.Valid.class, VocDefinition.read(file));
    assertInstanceOf(Reading.Invalid.class, VocDefinition.read(dir.resolve("none.ad")));
    Files.writeString(file, "[" + REQUIRED + " ".repeat(300_000) + "]");
    assertInstanceOf(Reading.Invalid.class, VocDefinition.read(file));
  }

  @Test
  void hostileTextEndsInAProblem() {
    problems("[".repeat(100_000));
    problems("[ Name = " + "(".repeat(100_000) + "]");
    problems("\0\0\0");
    problems("");
  }
}
