package org.vocluster.condor;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.JsonForm;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.Printable;

/**
 * Whether tokens that this host issues are any use with the collector. HTCondor shows a server only
 * tokens whose issuer is that server's TRUST_DOMAIN, which without a setting is each host's own
 * UID_DOMAIN and so its own name: then nodes boot and never join, and nobody says why. For {@code
 * voc vo add}, and for whoever says what configuration is in force.
 */
public final class TrustDomains {
  private static final String MACRO = "TRUST_DOMAIN";

  private TrustDomains() {}

  /** The collector's, by its own word; empty if it does not say, as one that refuses to. */
  public static Optional<String> ofCollector(Tools tools) {
    try {
      String answer = tools.run("condor_config_val", List.of("-collector", MACRO)).strip();
      return isDomain(answer) ? Optional.of(answer) : Optional.empty();
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /** Whether a token of the one is shown to the other, which compares letter by letter. */
  public static boolean agree(String own, String collectors) {
    return own.equals(collectors);
  }

  /**
   * What is wrong and what to do, in a sentence; empty if they agree.
   *
   * @param own this access point's
   * @param collectors the collector's
   */
  public static Optional<String> fault(String own, String collectors) {
    return agree(own, collectors)
        ? Optional.empty()
        : Optional.of(
            MACRO
                + ": is "
                + Printable.of(own)
                + " on this host and "
                + Printable.of(collectors)
                + " on the central manager, which takes no token that this host issues: nodes boot"
                + " and never join; set "
                + MACRO
                + " = "
                + Printable.of(collectors)
                + " in /etc/condor/config.d/90-voc-ap.conf, restart HTCondor on this host, and run"
                + " `voc vo add` for each VO again");
  }

  /** Whose token it is, {@code iss}; empty if it is none. */
  public static Optional<String> issuer(String token) {
    String[] parts = token.strip().split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      ClassAd payload =
          JsonForm.parse(
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
      return payload.string("iss");
    } catch (ClassAdSyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A tool may answer with a sentence that there is none. */
  private static boolean isDomain(String answer) {
    return !answer.isEmpty() && answer.indexOf(' ') < 0 && answer.indexOf('\n') < 0;
  }
}
