package org.vocluster.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares a text with a file kept beside the tests; a mismatch leaves the new text under target.
 */
public final class Golden {
  private Golden() {}

  /** The name is a path from this package: {@code qemu/qemu-kvm.args}. */
  public static void assertGolden(String name, String actual) throws IOException {
    String expected = "";
    try (InputStream in = Golden.class.getResourceAsStream(name)) {
      if (in != null) {
        expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    if (!expected.equals(actual)) {
      Path written = Path.of("target", "golden", name);
      Files.createDirectories(written.toAbsolutePath().getParent());
      Files.writeString(written, actual);
      assertEquals(expected, actual, "see " + written.toAbsolutePath());
    }
  }
}
