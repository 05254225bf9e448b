package org.vocluster.vm.image;

import org.vocluster.vm.definition.ImageUrl;

/** What became of an image that was to be staged. */
public sealed interface StageResult {
  /** The image is in the store, verified. */
  record Staged(VerifiedImage image, boolean fetched) implements StageResult {}

  /** Another process, or another thread of this one, is fetching it at this moment. */
  record Busy() implements StageResult {}

  /**
   * The image is not in the store.
   *
   * @param reason what is wrong and where, for people
   * @param progressed whether more of the image is here than before, which the next attempt keeps
   */
  record Failed(String reason, boolean progressed) implements StageResult {
    /** A failure that brought nothing. */
    public Failed(String reason) {
      this(reason, false);
    }

    /**
     * The same of an image that is called by its URL.
     *
     * @param fault continues a sentence that begins with the image
     */
    public static Failed of(String url, String fault) {
      return new Failed("image " + ImageUrl.shown(url) + " " + fault);
    }
  }
}
