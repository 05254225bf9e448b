package org.vocluster.vm.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.os.Printable;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"cms", "a", "lhc-b2", "x-y-z"})
  void plainLabelsAreNames(String text) {
    assertTrue(VoName.isValid(text));
    assertTrue(NodeId.isValid(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-a", "a-", "Cms", "1a", "a_b", "a.b", "a/b", "..", "a b", "a\n", "ä", "a\"", "a$"
      })
  void whatIsUnsafeAnywhereIsNoName(String text) {
    assertFalse(VoName.isValid(text));
    assertFalse(VocName.isValid(text));
    assertFalse(NodeId.isValid(text));
    assertThrows(IllegalArgumentException.class, () -> new NodeId(text));
  }

  @Test
  void wordForOrdinaryJobsIsNoVo() {
    assertFalse(VoName.isValid("none"));
    assertTrue(VoName.isValid("none-such"));
    assertTrue(VocName.isValid("none"));
  }

  @Test
  void longestVoStillFitsItsAccountIntoLinuxLimit() {
    String longest = "a".repeat(28);
    assertEquals(32, new VoName(longest).account().length());
    assertFalse(VoName.isValid(longest + "a"));
  }

  @Test
  void digestIsLowerCaseHexOnly() {
    assertTrue(ImageDigest.isValid("0123456789abcdef".repeat(4)));
    assertFalse(ImageDigest.isValid("0123456789ABCDEF".repeat(4)));
    assertFalse(ImageDigest.isValid("0".repeat(63)));
    assertFalse(ImageDigest.isValid("g".repeat(64)));
  }

  @Test
  void foreignTextIsShownOnOneLine() {
    assertEquals("a\\u000ab\\u001b[1m", Printable.of("a\nb\u001b[1m"));
    assertEquals("aa...", Printable.of("aaaa", 2));
  }
}
