package org.vocluster.vm.definition;

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
import org.vocluster.vm.Golden;
import org.vocluster.vm.definition.VocDefinition.Reading;

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
    assertEquals(List.of(new MachineShape(ShapeName.DEFAULT, 4, 8192, 40960, 0)), d.shapes());
    assertEquals(0, d.minNodes());
    assertEquals(VocDefinition.UNLIMITED_NODES, d.maxNodes());
    assertEquals(0, d.spareNodes());
    assertEquals(VocDefinition.UNLIMITED_NODES, d.rampNodes());
    assertEquals(0, d.minimumLifetimeSeconds());
    assertEquals(300, d.idleSeconds());
    assertEquals(300, d.nodeIdleSeconds());
    assertEquals(86400, d.lifetimeSeconds());
    assertEquals("group_voc.cms", d.accountingGroup());
    assertEquals(AcceleratorMode.AUTO, d.accelerator());
  }

  @Test
  void valuesMayBeExpressionsAndCommented() {
    VocDefinition d =
        valid("// our VO\n[ " + REQUIRED.replace("8192", "8 * 1024") + " MaxNodes = 200; ]\n");
    assertEquals(8192, d.shapes().getFirst().memoryMb());
    assertEquals(200, d.maxNodes());
  }

  @Test
  void allProblemsAreToldAtOnce() throws Exception {
    List<String> all =
        problems(
            "[ Name = \"CMS/../x\"; VO = 7; Image = \"host/x\"; ImageSha256 = \"abc\"; Cpus = 0;"
                + " MemoryMb = \"much\"; MinNodes = 5; MaxNodes = 2; IdleSeconds = -1;"
                + " AccountingGroup = \"a b\"; Network = \"bridge\"; Accelerator = \"xen\" ]");
    Golden.assertGolden("definition/definition-problems.txt", String.join("\n", all) + "\n");
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

  @Test
  void shapesAreSortedSmallestFirst() {
    VocDefinition d = valid(withShapes(GPU + ", " + SMALL));
    assertEquals(
        List.of(
            new MachineShape(new ShapeName("small"), 1, 2048, 10240, 0),
            new MachineShape(new ShapeName("gpu"), 4, 8192, 10240, 1)),
        d.shapes());
    assertEquals(
        "small (1 cpus, 2048 MB memory, 10240 MB disk) or gpu (4 cpus, 8192 MB memory, 10240 MB"
            + " disk, 1 GPUs)",
        d.shapesInWords());
    assertEquals(d.digest(), valid(withShapes(SMALL + ", " + GPU)).digest());
  }

  @Test
  void problemsOfShapesNameTheirPlace() {
    assertEquals(
        List.of(
            "voc: cms.ad: Cpus = 2 stands beside Shapes; move it into the shapes",
            "voc: cms.ad: Shapes[0].Name = \"Big\" is not a lower-case letter, then letters, digits and"
                + " hyphens, at most 31 characters; give it as a string of that form",
            "voc: cms.ad: Shapes[0].Cpus = 0 is not an integer from 1 to 1024; give a number in that"
                + " range",
            "voc: cms.ad: Shapes[0].DiskMb is missing; add DiskMb = 20480",
            "voc: cms.ad: Shapes[1] = 7 is no shape; give Shapes = { [ Name = \"small\"; Cpus = 1;"
                + " MemoryMb = 2048; DiskMb = 20480 ] }",
            "voc: cms.ad: Shapes[3].Name = \"small\" is the name of another shape too; rename one of"
                + " the two"),
        problems(
            withShapes("[ Name = \"Big\"; Cpus = 0; MemoryMb = 64 ], 7, " + SMALL + ", " + SMALL)
                .replace("Shapes", "Cpus = 2; Shapes")));
    assertEquals(1, problems(withShapes("")).size());
    assertEquals(1, problems(withShapes("").replace("{  }", "\"small\"")).size());
  }

  @Test
  void unknownAttributeOfAShapeIsAWarning() {
    Reading reading =
        VocDefinition.parse("f", withShapes(SMALL.replace("Cpus = 1", "Cpus = 1; MaxNodes = 1")));
    assertEquals(
        "voc: f: Shapes[0].MaxNodes = 1 is no attribute of a shape and is ignored; remove" + " it",
        reading.warnings().getFirst().message());
  }

  @Test
  void limitsAndOtherShapesDoNotMakeAnotherNode() {
    VocDefinition one = valid(withShapes(SMALL));
    VocDefinition two = valid(withShapes(SMALL + ", " + GPU).replace("Name", "MaxNodes = 3; Name"));
    assertNotEquals(one.digest(), two.digest());
    assertEquals(one.nodeDigest(one.shapes().getFirst()), two.nodeDigest(two.shapes().getFirst()));
    assertNotEquals(
        two.nodeDigest(two.shapes().getFirst()), two.nodeDigest(two.shapes().getLast()));
    VocDefinition image = valid(withShapes(SMALL).replace("9f86", "8f86"));
    assertNotEquals(
        one.nodeDigest(one.shapes().getFirst()), image.nodeDigest(image.shapes().getFirst()));
  }

  @ParameterizedTest
  @CsvSource({
    "IdleSeconds = 60, 60",
    "IdleSeconds = 60; MinimumLifetimeSeconds = 900, 900",
    "IdleSeconds = 60; MinNodes = 1, 86400",
    "IdleSeconds = 60; SpareNodes = 1; LifetimeSeconds = 7200, 7200"
  })
  void nodesThatSizingKeepsDoNotLeaveByThemselves(String attributes, int seconds) {
    assertEquals(seconds, valid("[" + REQUIRED + attributes + "]").nodeIdleSeconds());
  }

  @ParameterizedTest
  @CsvSource({
    "VO = \"cta\", cta, ''",
    "VO = \"cta\"; VoName = \"vo.cta.example.eu\", cta, vo.cta.example.eu",
    "VO = \"cta\"; VoName = \"cta\", cta, ''",
    "VO = \"vo.cta.example.eu\", cta-example-eu, vo.cta.example.eu",
    "VO = \"vo.cta.example.eu\"; VoName = \"vo.cta.example.eu\", cta-example-eu, vo.cta.example.eu"
  })
  void aVoMayHaveARealNameBesideItsShortOne(String vo, String name, String real) {
    VocDefinition voc = valid("[" + REQUIRED.replace("VO = \"cms\"", vo) + "]");
    assertEquals(name, voc.vo().value());
    assertEquals(real, voc.voRealName().map(VoRealName::value).orElse(""));
    assertEquals(real.isEmpty() ? name : real + " (" + name + ")", voc.voInWords());
  }

  /** What a VO is called elsewhere is nothing that its nodes are made of. */
  @Test
  void aRealNameChangesNoNode() {
    VocDefinition plain = valid("[" + REQUIRED + "]");
    VocDefinition named = valid("[" + REQUIRED + "; VoName = \"vo.cms.example\" ]");
    assertEquals(
        plain.nodeDigest(plain.shapes().getFirst()), named.nodeDigest(named.shapes().getFirst()));
    assertFalse(plain.digest().equals(named.digest()));
  }

  @ParameterizedTest
  @CsvSource({
    "VO = \"4d.example\", makes no short name of at most 28 characters for accounts; choose one:",
    "VO = \"VO.cta\", is not a lower-case letter",
    "VO = \"none\", is not a lower-case letter",
    "VO = \"cta\"; VoName = \"VO.cta\", is not lower-case letters and digits",
    "VO = \"cta\"; VoName = 7, is not lower-case letters and digits",
    "VO = \"a.b\"; VoName = \"a.c\", is another real name than VO = a.b"
  })
  void aNameOfAVoThatIsNoneIsNamed(String vo, String fault) {
    List<String> problems = problems("[" + REQUIRED.replace("VO = \"cms\"", vo) + "]");
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains(fault), problems::toString);
  }

  private static final String SMALL =
      "[ Name = \"small\"; Cpus = 1; MemoryMb = 2048; DiskMb = 10240 ]";
  private static final String GPU =
      "[ Name = \"gpu\"; Cpus = 4; MemoryMb = 8192; DiskMb = 10240; Gpus = 1 ]";

  private static String withShapes(String shapes) {
    return "[" + REQUIRED.substring(0, REQUIRED.indexOf("Cpus")) + "Shapes = { " + shapes + " } ]";
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

  private static final String KERNEL =
      "Kernel = \"https://images.example.org/vmlinuz\"; KernelSha256 = \""
          + "ab".repeat(32)
          + "\"; Initrd = \"file:/srv/initrd\"; InitrdSha256 = \""
          + "cd".repeat(32)
          + "\"; KernelArguments = \"root=/dev/vda1 console=ttyS0\";";

  @Test
  void nodesBootFromTheirDiskWithBiosAndFwCfgUnlessTold() {
    VocDefinition plain = valid("[" + REQUIRED + "]");
    assertEquals(Firmware.BIOS, plain.firmware());
    assertEquals(ContextForm.FW_CFG, plain.context());
    assertTrue(plain.kernel().isEmpty());
    VocDefinition uefi = valid("[" + REQUIRED + "Firmware = \"uefi\"; Context = \"cloud-init\" ]");
    assertEquals(Firmware.UEFI, uefi.firmware());
    assertEquals(ContextForm.CLOUD_INIT, uefi.context());
    assertNotEquals(
        plain.nodeDigest(plain.shapes().getFirst()), uefi.nodeDigest(uefi.shapes().getFirst()));
  }

  @Test
  void kernelAndInitrdAreNamedLikeImages() {
    VocDefinition d = valid("[" + REQUIRED + KERNEL + "]");
    DirectKernel<BootFile> kernel = d.kernel().orElseThrow();
    assertEquals("https://images.example.org/vmlinuz", kernel.image().url().toString());
    assertEquals("ab".repeat(32), kernel.image().digest().value());
    assertEquals("cd".repeat(32), kernel.initrd().orElseThrow().digest().value());
    assertEquals("root=/dev/vda1 console=ttyS0", kernel.arguments().value());
    assertTrue(d.canonicalText().contains("InitrdSha256 = " + "cd".repeat(32)), d.canonicalText());
  }

  @Test
  void problemsOfBootFormsNameTheirRemedy() throws Exception {
    List<String> all = new ArrayList<>();
    for (String attributes :
        List.of(
            "Firmware = \"efi\"; Context = 7",
            "Firmware = \"uefi\"; " + KERNEL,
            "KernelSha256 = \"ab\"; Initrd = \"x\"; InitrdSha256 = \"\"; KernelArguments = \"a\"",
            "Kernel = \"https://user:secret@images.example.org/vmlinuz\"",
            KERNEL.replace("Initrd = \"file:/srv/initrd\";", ""),
            KERNEL.replace("root=/dev/vda1 console=ttyS0", "a\\n-daemonize"),
            KERNEL.replace("root=/dev/vda1 console=ttyS0", "a $(HOME)"),
            KERNEL.replace("root=/dev/vda1 console=ttyS0", ""))) {
      all.addAll(problems("[" + REQUIRED + attributes + " ]"));
    }
    assertFalse(all.toString().contains("secret"), all.toString());
    Golden.assertGolden("definition/boot-form-problems.txt", String.join("\n", all) + "\n");
  }

  @Test
  void hostileTextEndsInAProblem() {
    problems("[".repeat(100_000));
    problems("[ Name = " + "(".repeat(100_000) + "]");
    problems("\0\0\0");
    problems("");
  }

  private static String digests(VocDefinition d) {
    StringBuilder out = new StringBuilder(d.digest().value());
    for (MachineShape shape : d.shapes()) {
      out.append(' ').append(shape.name()).append('=').append(d.nodeDigest(shape));
    }
    return out.toString();
  }

  /** Nodes of a digest that is no longer their definition's are replaced, on all sites at once. */
  @Test
  void digestsAreWhatTheyWereInEveryRelease() {
    assertEquals(
        "bd33708715314ef41dc111612cf5409c47c934e49df6f4491647ed4140a516d4"
            + " default=7b9d848c25a2d0a60fdc7d30ecfb6268258c400bbf46078f7b265216cf19b622",
        digests(valid("[" + REQUIRED + "]")));
    assertEquals(
        "d61a27ae9b4dde50d2877bbc61b0f222a200840a1ac64a744331b0e7d8c5fb8a"
            + " default=5fd15f129b1d48cb2794db649819e3b5b4cc85b735e598f18a52de24f31ef252",
        digests(valid("[" + REQUIRED + "Firmware = \"uefi\" ]")));
    String shapes =
        "Shapes = { [ Name = \"gpu\"; Cpus = 8; MemoryMb = 16384; DiskMb = 20480; Gpus = 2 ],"
            + " [ Name = \"small\"; Cpus = 1; MemoryMb = 2048; DiskMb = 20480 ] };";
    String rest =
        "MinNodes = 2; MaxNodes = 50; SpareNodes = 1; RampNodes = 10; IdleSeconds = 120;"
            + " MinimumLifetimeSeconds = 600; LifetimeSeconds = 7200;"
            + " AccountingGroup = \"group_x.y\"; Network = \"user\"; Accelerator = \"kvm\";"
            + " Context = \"cloud-init\";";
    String sizes = "Cpus = 4; MemoryMb = 8192; DiskMb = 40960;";
    assertEquals(
        "822d314cbd97bf6d92f6745bde0597831a32ed2d389eb31425a785e879afead6"
            + " small=961c56d29e0336a96a5fc24b27fdbef282c786192fbd698000aa18eaf5ddabb9"
            + " gpu=45c96d59e714a969abb52c4cb925f5790e0f0f7ba630e9fbac69f52fada7f4bd",
        digests(valid("[" + REQUIRED.replace(sizes, shapes) + rest + KERNEL + "]")));
  }
}
