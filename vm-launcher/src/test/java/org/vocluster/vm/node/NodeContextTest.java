package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.Golden;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

class NodeContextTest {
  private static NodeContext context(String condorHost, String collector, String padHost) {
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
        1_800_000_000);
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
