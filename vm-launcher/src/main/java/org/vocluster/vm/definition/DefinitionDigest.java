package org.vocluster.vm.definition;

/**
 * The SHA-256 of a VOC definition's canonical text: two definitions that mean the same have the
 * same.
 */
public record DefinitionDigest(String value) {
  /** Fails with {@link IllegalArgumentException} unless {@link ImageDigest#isValid}. */
  public DefinitionDigest {
    Names.require(ImageDigest.isValid(value), value, "definition digest", ImageDigest.RULE);
  }

  @Override
  public String toString() {
    return value;
  }
}
