package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttributeUsesTest {
  private final AttributeUses uses = new AttributeUses();

  @ParameterizedTest
  @EnumSource
  void knownAttributeHasTheNumberThatItSays(KnownAttribute known) {
    assertEquals(known.number(), uses.find(known.attribute()));
    assertTrue(uses.isKept(known.number()));
  }

  @Test
  void whatWasFoundIsForgottenButForWhatIsStillLookedAt() {
    uses.addSignificant("Site");
    uses.addSignificant("Rack");
    uses.keepOnly(Set.of("site"));
    assertTrue(uses.isSignificant("Site"));
    assertFalse(uses.isSignificant("Rack"));
    assertTrue(uses.isSignificant(KnownAttribute.JOB_UNIVERSE.attribute()));
  }
}
