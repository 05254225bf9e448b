package org.vocluster.sizing.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.JsonForm;

/**
 * A file to which ads are appended, a JSON object on each line: the audit log and the log of nodes
 * are two. Nothing in it is ever changed; grown too large it is renamed to {@code .old}. It throws
 * nothing, so nobody may rely on a line being there.
 */
final class JsonLines {
  private final Path file;
  private final long maxBytes;

  JsonLines(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /** Where a full file goes, in place of the one that went there before. */
  static Path older(Path file) {
    return file.resolveSibling(file.getFileName() + ".old");
  }

  void append(ClassAd ad) {
    // The printer's own line breaks; those of strings are escaped.
    String json = JsonForm.print(ad).replaceAll("\\s*\\R\\s*", " ").strip();
    try {
      if (Files.exists(file) && Files.size(file) > maxBytes) {
        Files.move(file, older(file), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(
          file,
          json + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      // A full disk must not stop sizing; the log of the hook has said what was done.
    }
  }
}
