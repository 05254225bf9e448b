package org.vocluster.sizing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.JsonForm;

/**
 * What was done about nodes, by whom and why: a file to which one JSON object a line is appended.
 * Nothing in it is ever changed; grown too large it is renamed to {@code .old}.
 */
final class AuditLog {
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final Path file;
  private final String actor;
  private final Clock clock;

  AuditLog(Path file, String actor, Clock clock) {
    this.file = file;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Appends a line.
   *
   * @param voc the VOC concerned, or empty
   * @param action what was done or happened, in a word
   */
  void record(String voc, String action, Collection<String> nodes, String why) {
    ClassAd line =
        ClassAd.builder()
            .set("Time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
            .set("Actor", actor)
            .set("Voc", voc)
            .set("Action", action)
            .set("Nodes", String.join(",", nodes))
            .set("Reason", why)
            .build();
    // The printer's own line breaks; those of strings are escaped.
    String json = JsonForm.print(line).replaceAll("\\s*\\R\\s*", " ").strip();
    try {
      if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".old"),
            StandardCopyOption.REPLACE_EXISTING);
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
