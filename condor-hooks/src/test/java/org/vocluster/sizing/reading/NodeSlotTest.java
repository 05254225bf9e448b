package org.vocluster.sizing.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.vm.definition.NodeId;

/** Whoever is root in a node may write any name into its ads. */
class NodeSlotTest {
  private static final ClassAd SLOT =
      ClassAd.builder()
          .set(Attr.NODE, "cms-el9-1")
          .set(Attr.VOC, "cms-el9")
          .set(Attr.SHAPE, "small")
          .build();

  @Test
  void slotOfANode() {
    NodeSlot slot = NodeSlot.of(SLOT).orElseThrow();
    assertEquals(new NodeId("cms-el9-1"), slot.node());
    assertEquals(AKind.of("cms-el9/small"), slot.kind());
    NodeSlot older = NodeSlot.of(SLOT.without(Attr.SHAPE)).orElseThrow();
    assertEquals(AKind.of("cms-el9/default"), older.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\"b",
        "\" || true || \"",
        "../a",
        "CMS",
        "cms\n",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void slotWithAForgedNameIsNobodys(String forged) {
    for (String name : new String[] {Attr.NODE, Attr.VOC, Attr.SHAPE}) {
      assertEquals(Optional.empty(), NodeSlot.of(SLOT.with(name, forged)), name);
    }
    assertEquals(Optional.empty(), NodeSlot.of(SLOT.with(Attr.NODE, 7)));
    assertEquals(Optional.empty(), NodeSlot.of(SLOT.without(Attr.VOC)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000_000_000_000_000L, Long.MAX_VALUE, 253_402_300_800L})
  void aNodeThatSaysItLivesForEverTakesJobs(long deathTime) {
    NodeSlot slot = NodeSlot.of(SLOT.with(Attr.DEATH_TIME, deathTime)).orElseThrow();
    assertTrue(slot.takesJobs(Instant.parse("2300-01-01T00:00:00Z")));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void aNodeThatSaysItDiedBeforeTimeBeganTakesNone(long deathTime) {
    NodeSlot slot = NodeSlot.of(SLOT.with(Attr.DEATH_TIME, deathTime)).orElseThrow();
    assertFalse(slot.takesJobs(Instant.EPOCH));
  }
}
