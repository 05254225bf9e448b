package org.vocluster.vm.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The signing key of one node: whoever has a token made with it may tell that node's startd, and no
 * other, to take no more jobs. As an HTCondor signing key file it is 64 hexadecimal digits.
 */
public final class NodeKey {
  /** Name of the key's file in the node job's sandbox. */
  public static final String FILE = "voc-node-key";

  /** Name under which the guest has the key, and tokens name it. */
  public static final String NAME = "voc-node";

  /** The only user, in the trust domain that is named after the node, whom the guest obeys. */
  public static final String USER = "voc-size";

  private static final int DIGITS = 64;

  private NodeKey() {}

  /**
   * Whether the file holds one key, alone and without a line's end.
   *
   * @throws IOException if the file cannot be read or is no plain file
   */
  public static boolean isKey(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "is not a plain file" : "does not exist");
    }
    return Files.size(file) == DIGITS && isKey(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  static boolean isKey(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return text.length() == DIGITS;
  }
}
