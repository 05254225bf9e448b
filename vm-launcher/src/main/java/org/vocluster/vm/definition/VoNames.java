package org.vocluster.vm.definition;

import java.util.Map;
import java.util.Optional;

/**
 * Which VO a text means that may be a short name or a real one, for those who read what users and
 * administrators write. A real name that is not listed means the VO of its {@link
 * VoRealName#shortName}, as everywhere.
 *
 * @param chosen short names by real ones, where somebody chose them
 */
public record VoNames(Map<VoRealName, VoName> chosen) {
  /** No VO has a short name that somebody chose. */
  public static final VoNames NONE = new VoNames(Map.of());

  public VoNames {
    chosen = Map.copyOf(chosen);
  }

  /** Empty for a text that can be neither. */
  public Optional<VoName> of(String text) {
    if (!VoRealName.isValid(text)) {
      return Optional.empty();
    }
    VoName known = chosen.get(new VoRealName(text));
    if (known != null) {
      return Optional.of(known);
    }
    return VoName.isValid(text) ? Optional.of(new VoName(text)) : new VoRealName(text).shortName();
  }
}
