package org.vocluster.vm.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The shape of an HTCondor IDTOKEN file; its content is never changed, shown or logged. */
public final class NodeToken {
  /** Name of the token's file in the node job's sandbox. */
  public static final String FILE = "voc-token";

  private static final int MAX_BYTES = 8192;

  private NodeToken() {}

  /**
   * Whether the file holds one token: a JSON Web Token (three base64url parts joined by dots),
   * alone on its line.
   *
   * @throws IOException if the file cannot be read, is no plain file or is too large for a token
   */
  public static boolean isToken(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "is not a plain file" : "does not exist");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("has " + Files.size(file) + " bytes, more than " + MAX_BYTES);
    }
    return isToken(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  static boolean isToken(String text) {
    int end = text.endsWith("\n") ? text.length() - 1 : text.length();
    int parts = 1;
    int partLength = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (partLength == 0) {
          return false;
        }
        parts++;
        partLength = 0;
      } else if (isBase64Url(c)) {
        partLength++;
      } else {
        return false;
      }
    }
    return parts == 3 && partLength > 0;
  }

  private static boolean isBase64Url(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
