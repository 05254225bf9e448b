package org.vocluster.vm;

/** What became of an image that was to be staged. */
public sealed interface StageResult {
  /** The image is in the store, verified. */
  record Staged(VerifiedImage image, boolean fetched) implements StageResult {}

  /**
   * The image is not in the store.
   *
   * @param reason what is wrong and where, for people
   */
  record Failed(String reason) implements StageResult {}
}
