package org.vocluster.simulation.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The forms of trace that can be read, plain or compressed with gzip. The only door of the
 * simulation's rooms to a file.
 */
public enum TraceFormat {
  /** Standard Workload Format. */
  SWF,
  /** Job ads in long form of jobs that ended. */
  HISTORY,
  /** Job ads in long form of jobs in a queue, whose run time is not known. */
  QUEUE;

  private static final int LOOK_AHEAD = 64 * 1024;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  /** What the command line calls it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name. */
  public static Optional<TraceFormat> of(String text) {
    return Arrays.stream(values()).filter(format -> format.text().equals(text)).findFirst();
  }

  /**
   * Reads a file.
   *
   * @param format empty to find it out from the file's first lines
   * @throws IOException if the file cannot be read to its end
   */
  public static Trace read(
      Path file, Optional<TraceFormat> format, UserVos users, TraceDefaults defaults)
      throws IOException {
    String name = file.toString();
    try (InputStream in = unpacked(Files.newInputStream(file));
        BufferedReader text =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), LOOK_AHEAD)) {
      return switch (format.isPresent() ? format.get() : guess(text)) {
        case SWF -> SwfTrace.read(name, text, users, defaults);
        case HISTORY, QUEUE -> AdTrace.read(name, text, users, defaults);
      };
    }
  }

  private static InputStream unpacked(InputStream in) throws IOException {
    PushbackInputStream raw = new PushbackInputStream(in, GZIP.length);
    byte[] start = raw.readNBytes(GZIP.length);
    raw.unread(start);
    return Arrays.equals(start, GZIP) ? new GZIPInputStream(raw, LOOK_AHEAD) : raw;
  }

  /** An attribute of an ad has an equals sign; comments and numbers have none. */
  private static TraceFormat guess(BufferedReader text) throws IOException {
    text.mark(LOOK_AHEAD);
    char[] start = new char[LOOK_AHEAD / 2];
    int length = text.read(start, 0, start.length);
    text.reset();
    List<String> lines =
        new String(start, 0, Math.max(0, length))
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("***"))
            .toList();
    boolean attribute =
        !lines.isEmpty() && !lines.getFirst().startsWith(";") && lines.getFirst().contains("=");
    return attribute ? HISTORY : SWF;
  }
}
