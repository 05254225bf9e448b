package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.NewForm;
import org.vocluster.vm.Golden;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeAttributes;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

class NodeContextTest {
  private static NodeContext context(String condorHost, String collector, String padHost) {
    return context(condorHost, collector, padHost, NodeAttributes.NONE);
  }

  private static NodeContext context(
      String condorHost, String collector, String padHost, NodeAttributes attributes) {
    return new NodeContext(
        new NodeId("cms-0a1b2c3d"),
        new VoName("cms"),
        new VocName("cms-large"),
        new ShapeName("small"),
        new ImageDigest("ab".repeat(32)),
        condorHost,
        collector,
        padHost,
        "ap.example.org",
        NodeContext.UPDATE_SECONDS,
        300,
        1_800_000_000,
        attributes);
  }

  @Test
  void whatTheDefinitionSaysIsSettingsOfTheSlotsTypeAlone() throws Exception {
    NodeAttributes attributes =
        new NodeAttributes(
            NewForm.parse(
                "[ HasContainer = true; OpSysAndVer = \"AlmaLinux9\"; DAEMON_LIST = \"x\"; Deep = -5;"
                    + " CvmfsRevision = 7.5 ]"));
    String text =
        context("cm.example.org", "cm.example.org", "pad1.example.org", attributes).text();
    List<String> lines = text.lines().toList();
    assertTrue(lines.contains("SLOT_TYPE_1_HasContainer = true"), text);
    assertTrue(lines.contains("SLOT_TYPE_1_OpSysAndVer = \"AlmaLinux9\""), text);
    assertTrue(lines.contains("SLOT_TYPE_1_Deep = -5"), text);
    assertTrue(lines.contains("SLOT_TYPE_1_DAEMON_LIST = \"x\""), text);
    assertTrue(lines.contains("DAEMON_LIST = MASTER, STARTD"), text);
    assertTrue(
        lines.stream()
            .anyMatch(
                line ->
                    line.startsWith("STARTD_ATTRS = $(STARTD_ATTRS) ")
                        && line.endsWith(
                            " VocImageStart HasContainer OpSysAndVer DAEMON_LIST Deep CvmfsRevision")),
        text);
  }

  @Test
  void theImagesOwnPolicyStaysInForce() throws Exception {
    String text = context("cm.example.org", "cm.example.org", "pad1.example.org").text();
    List<String> lines = text.lines().toList();
    assertTrue(lines.contains("VocImageStart = $(START:True)"), text);
    assertTrue(
        lines.contains(
            "SLOT_TYPE_1_START = (TARGET.VocVO =?= MY.VocVO) && (time() < MY.VocDeathTime) &&"
                + " ((TARGET.VocRunSeconds > MY.VocDeathTime - time()) =!= True) && MY.VocImageStart"),
        text);
    assertTrue(lines.contains("MAXJOBRETIREMENTTIME = $(MAXJOBRETIREMENTTIME:31536000)"), text);
    for (String own :
        List.of("START", "RANK", "PREEMPT", "UID_DOMAIN", "STARTER_ALLOW_RUNAS_OWNER")) {
      assertTrue(lines.stream().noneMatch(line -> line.startsWith(own + " =")), text);
    }
  }

  @Test
  void guestGetsAllItNeedsToJoin() throws Exception {
    Golden.assertGolden(
        "node/voc-condor.conf",
        context("cm.example.org", "cm.example.org:9618?sock=collector", "pad1.example.org").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cm\nSTART = True",
        "cm\rSTART = True",
        "$(HOME)",
        "cm\\",
        "cm\"",
        "cm'",
        "cm;x",
        "cm{x}",
        "127.0.0.1",
        "localhost:9618",
        "<127.0.0.1:9618>",
        "cmé"
      })
  void nothingCanBeInjectedAndLoopbackIsRefused(String address) {
    assertThrows(IllegalArgumentException.class, () -> context(address, "cm", "pad"));
    assertThrows(IllegalArgumentException.class, () -> context("cm", address, "pad"));
  }

  @Test
  void tokenIsThreePartsOnOneLine() {
    assertTrue(NodeToken.isToken("aZ0-_.b.c\n"));
    assertTrue(NodeToken.isToken("a.b.c"));
    assertFalse(NodeToken.isToken(""));
    assertFalse(NodeToken.isToken("a.b"));
    assertFalse(NodeToken.isToken("a..c"));
    assertFalse(NodeToken.isToken("a.b."));
    assertFalse(NodeToken.isToken("a.b.c.d"));
    assertFalse(NodeToken.isToken("a.b.c\nd.e.f\n"));
    assertFalse(NodeToken.isToken("a.b.c\n\n"));
    assertFalse(NodeToken.isToken("a.b.c d"));
  }

  @Test
  void keyIsSixtyFourHexadecimalDigitsAndNothingElse() {
    assertTrue(NodeKey.isKey("0123456789abcdef".repeat(4)));
    assertFalse(NodeKey.isKey("0123456789ABCDEF".repeat(4)));
    assertFalse(NodeKey.isKey("0".repeat(63)));
    assertFalse(NodeKey.isKey("0".repeat(64) + "\n"));
    assertFalse(NodeKey.isKey(""));
  }
}
