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
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The forms of trace that can be read, plain or compressed with gzip, in UTF-8 or, with its mark at
 * the beginning, in UTF-16. The only door of the simulation's rooms to a file.
 */
public enum TraceFormat {
  /** Standard Workload Format. */
  SWF,
  /** Job ads of jobs that ended, in long form, as JSON or as XML. */
  HISTORY,
  /** Job ads of jobs in a queue, whose run time is not known. */
  QUEUE;

  private static final int LOOK_AHEAD = 64 * 1024;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*\\s*=.*");

  /** How files begin that others than gzip compressed, in hexadecimal. */
  private static final Map<String, String> PACKED =
      Map.of(
          "fd377a58",
          "xz",
          "425a68",
          "bzip2",
          "28b52ffd",
          "zstd",
          "504b0304",
          "zip",
          "1f9d",
          "compress");

  /** A file's first bytes are enough to tell. */
  private static final int MARK = 4;

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
        BufferedReader text = text(in)) {
      return switch (format.isPresent() ? format.get() : guess(text)) {
        case SWF -> SwfTrace.read(name, text, users, defaults);
        case HISTORY, QUEUE -> AdTrace.read(name, text, users, defaults);
      };
    }
  }

  private static InputStream unpacked(InputStream in) throws IOException {
    PushbackInputStream raw = new PushbackInputStream(in, MARK);
    byte[] start = start(raw);
    String begins = HexFormat.of().formatHex(start);
    for (Map.Entry<String, String> packed : PACKED.entrySet()) {
      if (begins.startsWith(packed.getKey())) {
        throw new IOException("it is compressed with " + packed.getValue() + "; unpack it first");
      }
    }
    return start.length >= GZIP.length && Arrays.equals(start, 0, GZIP.length, GZIP, 0, GZIP.length)
        ? new GZIPInputStream(raw, LOOK_AHEAD)
        : raw;
  }

  private static byte[] start(PushbackInputStream in) throws IOException {
    byte[] start = in.readNBytes(MARK);
    in.unread(start);
    return start;
  }

  private static BufferedReader text(InputStream in) throws IOException {
    PushbackInputStream raw = new PushbackInputStream(in, MARK);
    String begins = HexFormat.of().formatHex(start(raw));
    boolean utf16 = begins.startsWith("fffe") || begins.startsWith("feff");
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(raw, utf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8),
            LOOK_AHEAD);
    text.mark(1);
    if (text.read() != '\ufeff') {
      text.reset();
    }
    return text;
  }

  /** An attribute of an ad has a name and an equals sign, other forms of ads have brackets. */
  private static TraceFormat guess(BufferedReader text) throws IOException {
    text.mark(LOOK_AHEAD);
    char[] start = new char[LOOK_AHEAD / 2];
    int length = text.read(start, 0, start.length);
    text.reset();
    return new String(start, 0, Math.max(0, length))
        .lines()
        .filter(line -> !AdText.isBetweenAds(line) && !line.startsWith("#"))
        .map(String::strip)
        .findFirst()
        .filter(
            line ->
                line.startsWith("{")
                    || line.startsWith("[")
                    || line.startsWith("<")
                    || ATTRIBUTE.matcher(line).matches())
        .map(line -> HISTORY)
        .orElse(SWF);
  }
}
