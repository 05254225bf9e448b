package org.vocluster.vm.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.NewForm;
import org.vocluster.vm.definition.VocDefinition.Reading;

class NodeAttributesTest {
  private static final String DEFINITION =
      """
      [ Name = "cms"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
        ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        Cpus = 4; MemoryMb = 8192; DiskMb = 40960; MORE ]
      """;

  private static Reading read(String attributes) {
    return VocDefinition.parse("cms.ad", DEFINITION.replace("MORE", attributes));
  }

  private static VocDefinition valid(String attributes) {
    return assertInstanceOf(Reading.Valid.class, read(attributes)).definition();
  }

  private static String problem(String attributes) {
    List<Problem> problems =
        assertInstanceOf(Reading.Invalid.class, read(attributes), attributes).problems();
    assertEquals(1, problems.size(), attributes);
    return problems.getFirst().message();
  }

  @Test
  void plainValuesOfAllKindsAreTaken() {
    NodeAttributes attributes =
        valid(
                "NodeAttributes = [ HasContainer = true; OpSysAndVer = \"AlmaLinux9\";"
                    + " HAS_CVMFS_cms_cern_ch = true; Fpgas = 2; Deep = -5; Rate = 2.5 ]")
            .attributes();
    assertEquals(
        List.of("HasContainer", "OpSysAndVer", "HAS_CVMFS_cms_cern_ch", "Fpgas", "Deep", "Rate"),
        attributes.names());
    assertEquals("\"AlmaLinux9\"", attributes.text("OpSysAndVer"));
    assertEquals("-5", attributes.text("Deep"));
    assertTrue(valid("").attributes().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HasX = time() > 0",
        "HasX = OtherAttribute",
        "HasX = { 1, 2 }",
        "HasX = [ A = 1 ]",
        "HasX = undefined",
        "HasX = error",
        "HasX = -time()",
        "HasX = \"a\" + \"b\"",
        "HasX = real(\"INF\")"
      })
  void whatIsNoPlainValueIsRefused(String attribute) {
    String message = problem("NodeAttributes = [ " + attribute + " ]");
    assertTrue(message.contains("NodeAttributes.HasX = "), message);
    assertTrue(message.contains("is no plain value; give a string, a number"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VocVO",
        "vocNode",
        "MyType",
        "NAME",
        "machine",
        "Start",
        "REQUIREMENTS",
        "State",
        "cpus",
        "Memory",
        "GPUs",
        "TotalSlotCpus",
        "PartitionableSlot",
        "ClassAdLifetime",
        "AuthenticatedIdentity",
        "Partitionable",
        "Rank"
      })
  void whatSizingCollectorOrIdentityRestOnIsRefused(String name) {
    String message = problem("NodeAttributes = [ HasX = true; " + name + " = 1 ]");
    assertTrue(message.contains("NodeAttributes." + name + " = 1 "), message);
    assertTrue(
        message.contains("is what HTCondor or VOC itself says of a node; remove it"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(HOME)",
        "$ENV(PATH)",
        "$$(x)",
        "a\\nSTART = True",
        "a\\\"b",
        "a\\\\",
        "caf\u00e9",
        "a\\tb"
      })
  void noTextMeansAnythingToConfigurationOrSubmission(String text) {
    String message = problem("NodeAttributes = [ HasX = \"" + text + "\" ]");
    assertTrue(message.contains("a character with a meaning in HTCondor's configuration"), message);
  }

  @Test
  void sizesAreBounded() {
    assertTrue(
        problem("NodeAttributes = [ HasX = \"" + "x".repeat(1025) + "\" ]").contains("too long"));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 65; i++) {
      many.append("A").append(i).append(" = 1; ");
    }
    assertTrue(problem("NodeAttributes = [ " + many + " ]").contains("has 65 attributes"));
    StringBuilder much = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      much.append("A").append(i).append(" = \"").append("x".repeat(1000)).append("\"; ");
    }
    assertTrue(problem("NodeAttributes = [ " + much + " ]").contains("give 8192 at most"));
    assertTrue(
        problem("NodeAttributes = [ A" + "b".repeat(64) + " = 1 ]").contains("is no name for"));
    assertTrue(problem("NodeAttributes = [ 'a b' = 1 ]").contains("is no name for an attribute"));
  }

  @Test
  void onlyAnAdIsOne() {
    assertTrue(problem("NodeAttributes = \"HasContainer\"").contains("is no list of attributes"));
    assertTrue(problem("NodeAttributes = { 1 }").contains("give NodeAttributes = [ "));
  }

  @Test
  void aChangeReplacesNodesAndTheirOrderDoesNot() {
    VocDefinition without = valid("");
    VocDefinition one = valid("NodeAttributes = [ HasA = true; HasB = 2 ]");
    VocDefinition turned = valid("NodeAttributes = [ HasB = 2; HasA = true ]");
    VocDefinition other = valid("NodeAttributes = [ HasB = 3; HasA = true ]");
    MachineShape shape = without.shapes().getFirst();
    assertEquals(one.nodeDigest(shape), turned.nodeDigest(shape));
    assertNotEquals(one.nodeDigest(shape), other.nodeDigest(shape));
    assertNotEquals(one.nodeDigest(shape), without.nodeDigest(shape));
    assertEquals(without.digest(), valid("NodeAttributes = [ ]").digest());
    assertFalse(without.canonicalText().contains("NodeAttributes"));
  }

  @Test
  void nobodyMakesOnesThatHaveAFault() throws Exception {
    ClassAd bad = NewForm.parse("[ HasX = $ ]".replace("$", "\"$(HOME)\""));
    assertTrue(NodeAttributes.fault(bad).isPresent());
    assertThrows(IllegalArgumentException.class, () -> new NodeAttributes(bad));
  }
}
