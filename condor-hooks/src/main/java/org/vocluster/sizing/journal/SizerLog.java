package org.vocluster.sizing.journal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/**
 * The size hook's log file, for administrators, in the manner of HTCondor's daemons: each line has
 * its time, and a file grown too large is renamed to {@code .old}. May be called from any thread.
 * Never writes to standard error, which HTCondor keeps in memory for as long as a cron hook lives.
 */
public final class SizerLog {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss");

  private final Path file;
  private final long maxBytes;
  private final Clock clock;
  private final ZoneId zone;
  private final Map<String, String> lastOf = new HashMap<>();

  /**
   * @param maxBytes size at which the file is rotated; as HTCondor's MAX_*_LOG
   */
  public SizerLog(Path file, long maxBytes, Clock clock) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.clock = clock;
    this.zone = clock.getZone();
  }

  /** Writes one line. */
  public synchronized void say(String line) {
    String stamp = STAMP.format(ZonedDateTime.now(clock).withZoneSameInstant(zone));
    write(stamp + " " + line.replace("\n", "\n    ") + "\n");
  }

  /** Writes the line unless it is the last one that was said about this subject. */
  public synchronized void sayOnce(String subject, String line) {
    if (!line.equals(lastOf.put(subject, line))) {
      say(line);
    }
  }

  /** Lets the next line about this subject be written whatever it says. */
  public synchronized void forget(String subject) {
    lastOf.remove(subject);
  }

  /** Writes a failure of our own with where it happened. */
  public void bug(String doing, Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    say("voc: internal fault while " + doing + ": " + trace.toString().strip());
  }

  private void write(String text) {
    try {
      if (Files.exists(file) && Files.size(file) > maxBytes) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".old"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(
          file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // A full disk must not stop sizing, and there is nowhere else to say it.
    }
  }
}
