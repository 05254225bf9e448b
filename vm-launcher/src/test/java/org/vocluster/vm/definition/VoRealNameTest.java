package org.vocluster.vm.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VoRealNameTest {
  /** Names that VOs have, and what accounts are called without anybody's choice. */
  @ParameterizedTest
  @CsvSource({
    "cms, cms",
    "vo.cta.example.eu, cta-example-eu",
    "vo.france-grilles.example, france-grilles-example",
    "t2k.example, t2k-example",
    "ukqcd.vo.gridpp.example, ukqcd-vo-gridpp-example",
    "us_lhc, us-lhc",
    "a--b.example, a--b-example",
    "vo, vo",
    "4d.example,",
    "vo.4d.example,",
    "vo.of-a-very-long-experiment.example,",
    "vo.none,"
  })
  void aRealNameMakesAShortOneOrNone(String real, String expected) {
    assertTrue(VoRealName.isValid(real), real);
    assertEquals(
        Optional.ofNullable(expected), new VoRealName(real).shortName().map(VoName::value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "none",
        "CMS",
        "Vo.cta.example",
        ".cta",
        "cta.",
        "cta..eu",
        "cta._eu",
        "-cta",
        "cta-",
        "cta eu",
        "cta\n",
        "cta/eu",
        "cta,eu",
        "*",
        "/cta/",
        "cta\"",
        "c\u00e9ta",
        "../cta"
      })
  void whatIsNoNameIsRefused(String text) {
    assertFalse(VoRealName.isValid(text), text);
    assertThrows(IllegalArgumentException.class, () -> new VoRealName(text));
    assertEquals(Optional.empty(), VoNames.NONE.of(text));
  }

  @Test
  void aNameIsNoBookEither() {
    assertTrue(VoRealName.isValid("a".repeat(100)));
    assertFalse(VoRealName.isValid("a".repeat(101)));
  }

  @Test
  void aTextMeansTheVoOfTheNameThatSomebodyChoseForIt() {
    VoNames names = new VoNames(Map.of(new VoRealName("vo.cta.example.eu"), new VoName("cta")));
    assertEquals(Optional.of(new VoName("cta")), names.of("vo.cta.example.eu"));
    assertEquals(Optional.of(new VoName("cta")), names.of("cta"));
    assertEquals(Optional.of(new VoName("xfel-eu")), names.of("xfel.eu"));
    assertEquals(Optional.empty(), names.of("4d.example"));
  }
}
