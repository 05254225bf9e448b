package org.vocluster.condor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustDomainsTest {
  @Test
  void theCollectorIsAskedForItsOwn() {
    assertEquals(
        Optional.of("cm.example.org"),
        TrustDomains.ofCollector(
            (tool, arguments) -> {
              assertEquals("condor_config_val", tool);
              assertEquals(List.of("-collector", "TRUST_DOMAIN"), arguments);
              return "cm.example.org\n";
            }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "Not defined: TRUST_DOMAIN", "a\nb"})
  void whatIsNoDomainIsUnknown(String answer) {
    assertEquals(Optional.empty(), TrustDomains.ofCollector((tool, arguments) -> answer));
  }

  @Test
  void aDifferenceIsSaidWithItsRemedy() {
    assertEquals(Optional.empty(), TrustDomains.fault("cm.example.org", "cm.example.org"));
    String fault = TrustDomains.fault("ap.example.org", "cm.example.org").orElseThrow();
    assertTrue(fault.startsWith("TRUST_DOMAIN: is ap.example.org on this host and"), fault);
    assertTrue(fault.contains("set TRUST_DOMAIN = cm.example.org in"), fault);
    // Tokens are compared letter by letter.
    assertTrue(TrustDomains.fault("CM.example.org", "cm.example.org").isPresent());
  }

  @Test
  void aTokenSaysWhoIssuedIt() {
    assertEquals(Optional.of("cm.example.org"), TrustDomains.issuer(token("cm.example.org")));
    assertEquals(Optional.empty(), TrustDomains.issuer("a.b.c"));
    assertEquals(Optional.empty(), TrustDomains.issuer("a.%%.c"));
    assertEquals(Optional.empty(), TrustDomains.issuer(""));
  }

  private static String token(String issuer) {
    String payload = "{\"iat\":1,\"iss\":\"" + issuer + "\",\"sub\":\"voc-cms@x\"}";
    return "e30."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(payload.getBytes(StandardCharsets.UTF_8))
        + ".x\n";
  }
}
