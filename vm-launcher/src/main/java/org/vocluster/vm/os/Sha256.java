package org.vocluster.vm.os;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 under way. Not for what is on prepare-job's way: the first one loads the security
 * providers (docs/decisions/0103).
 */
public final class Sha256 {
  private final MessageDigest digest;

  /** Of nothing yet. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of a text's UTF-8, as 64 lower-case hexadecimal digits. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of these bytes, as 64 lower-case hexadecimal digits. */
  public static String of(byte[] bytes) {
    return new Sha256().add(bytes, bytes.length).text();
  }

  /** The same with some bytes more. */
  public Sha256 add(byte[] bytes, int count) {
    digest.update(bytes, 0, count);
    return this;
  }

  /** The same with the buffer's remaining bytes. */
  public Sha256 add(ByteBuffer bytes) {
    digest.update(bytes);
    return this;
  }

  /** Of all that was added, as 64 lower-case hexadecimal digits; begins anew. */
  public String text() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
