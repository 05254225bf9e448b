package org.vocluster.vm.definition;

import java.util.Optional;

/**
 * What a Virtual Organization is called where it is known, on the grid mostly like a DNS name:
 * {@code vo.cta.example.eu}. For people, for what users write into submit files, and for the ads;
 * accounts, files, keys and identities have the short {@link VoName}, and nobody but the map of
 * both, a definition and whoever shows it knows a VO by this name.
 */
public record VoRealName(String value) {
  static final int MAX_LENGTH = 100;

  public static final String RULE =
      "lower-case letters and digits with single points, hyphens or underscores between, at most "
          + MAX_LENGTH
          + " characters, and not "
          + VoName.OUTSIDE;

  private static final String CUSTOMARY = "vo.";

  /** Fails with {@link IllegalArgumentException} unless {@link #isValid}. */
  public VoRealName {
    Names.require(isValid(value), value, "VO name", RULE);
  }

  /** Whether the text can be a VO's real name; every short one can. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.equals(VoName.OUTSIDE)) {
      return false;
    }
    boolean between = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean mark = c == '.' || c == '-' || c == '_';
      if (!plain && (!mark || (between && c != '-'))) {
        return false;
      }
      between = mark;
    }
    return !between && text.charAt(0) != '-';
  }

  /**
   * The short name that such a VO gets where nobody chose one: without the customary {@code vo.},
   * hyphens in the place of points and underscores. Empty if that is none.
   */
  public Optional<VoName> shortName() {
    String rest = value.startsWith(CUSTOMARY) ? value.substring(CUSTOMARY.length()) : value;
    String text = rest.replace('.', '-').replace('_', '-');
    return VoName.isValid(text) ? Optional.of(new VoName(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
