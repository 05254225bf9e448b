package org.vocluster.sizing.reading;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.vocluster.vm.definition.ImageDigest;

/**
 * Digests of images for tests that call an image by a word: one that holds it, to be read again.
 */
public final class AnImage {
  private static final int BYTES = 32;

  private AnImage() {}

  /** The digest of that image. */
  public static ImageDigest of(String word) {
    byte[] digest = new byte[BYTES];
    byte[] text = word.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, digest, 0, text.length);
    return new ImageDigest(HexFormat.of().formatHex(digest));
  }

  /** The word for the image with that digest; any other text as it is. */
  public static String word(String digest) {
    return ImageDigest.isValid(digest)
        ? new String(HexFormat.of().parseHex(digest), StandardCharsets.US_ASCII).replace("\0", "")
        : digest;
  }
}
