package org.vocluster.sizing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows the schedd's {@code job_queue.log} and hands on what was committed.
 *
 * <p>The log is text, one record a line: a type, then its words. {@code 101 key MyType TargetType}
 * creates an ad, {@code 102 key} destroys it, {@code 103 key name value…} and {@code 104 key name}
 * set and delete an attribute, {@code 105} and {@code 106} enclose a transaction, and {@code 107
 * sequence CreationTimestamp seconds} is the first line. The schedd appends; to compact the log it
 * writes a new file with the next sequence number and renames it over the old one. A reader may see
 * a line or a transaction half written: the rest follows, or the schedd died there and rewrites the
 * log when it comes back. (HTCondor: {@code ClassAdLogParser.cpp}, {@code classad_log.cpp}.)
 */
final class JobQueueLogReader implements AutoCloseable {
  /** Receives the changes, in the log's order and only once they are committed. */
  interface Consumer {
    /** Forgets everything: the log is about to be read from its start. */
    void reset();

    /** Whether this attribute is wanted; others are skipped unread. */
    boolean keeps(String attribute);

    void apply(LogRecord change);
  }

  private static final int CHUNK = 1 << 20;
  private static final int HEADER_BYTES = 128;

  private final Path log;
  private final Consumer consumer;

  private @Nullable FileChannel channel;
  private @Nullable Object fileKey;
  private byte[] header = new byte[0];

  /** Everything before this was read, up to the end of a line. */
  private long position;

  private long seenSize = -1;
  private boolean inTransaction;
  private final List<LogRecord> uncommitted = new ArrayList<>();
  private @Nullable String broken;

  private byte[] buffer = new byte[CHUNK];
  private byte[] lastKeyBytes = new byte[0];
  private AdKey lastKey = new AdKey(0, 0);

  JobQueueLogReader(Path log, Consumer consumer) {
    this.log = log;
    this.consumer = consumer;
  }

  /** Makes the next poll read the log from its start. */
  void rereadFromStart() {
    closeQuietly();
  }

  /** Reads what was appended since the last call; costs one {@code stat} when nothing was. */
  LogReading poll() {
    try {
      BasicFileAttributes now = Files.readAttributes(log, BasicFileAttributes.class);
      FileChannel open = channel;
      boolean fromStart =
          open == null || !Objects.equals(fileKey, now.fileKey()) || now.size() < seenSize;
      if (!fromStart && now.size() == seenSize) {
        return broken == null ? new LogReading.Unchanged() : new LogReading.Unknown(broken);
      }
      if (fromStart || open == null) {
        open = reopen(now.fileKey());
      } else if (!Arrays.equals(header, readHeader(open))) {
        open = reopen(now.fileKey());
        fromStart = true;
      }
      seenSize = now.size();
      if (broken != null) {
        return new LogReading.Unknown(broken);
      }
      return readOn(open, fromStart);
    } catch (MalformedLine e) {
      broken = e.getMessage();
      return new LogReading.Unknown(e.getMessage());
    } catch (NoSuchFileException e) {
      closeQuietly();
      return new LogReading.Unknown(
          "voc: "
              + log
              + ": there is no such file; is this host's schedd running, and does --job-queue-log"
              + " name $(SPOOL)/job_queue.log?");
    } catch (IOException e) {
      closeQuietly();
      return new LogReading.Unknown(
          "voc: "
              + log
              + ": cannot be read ("
              + e
              + "); it belongs to the condor user with mode 0600, run this as that user");
    }
  }

  @Override
  public void close() {
    closeQuietly();
  }

  /**
   * @param key of the file as seen before it is opened: should the schedd rename a new log over it
   *     in between, the next look finds another key and reads again
   */
  private FileChannel reopen(@Nullable Object key) throws IOException {
    closeQuietly();
    FileChannel opened = FileChannel.open(log, StandardOpenOption.READ);
    channel = opened;
    fileKey = key;
    header = readHeader(opened);
    consumer.reset();
    return opened;
  }

  private void closeQuietly() {
    FileChannel open = channel;
    channel = null;
    fileKey = null;
    position = 0;
    seenSize = -1;
    inTransaction = false;
    uncommitted.clear();
    broken = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // A file opened for reading has nothing to lose when closing it fails.
      }
    }
  }

  /** The log's first line: a different one means a different log under the same name. */
  private static byte[] readHeader(FileChannel open) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES);
    int got = 1;
    while (head.hasRemaining() && got > 0) {
      got = open.read(head, head.position());
    }
    int end = 0;
    while (end < head.position() && head.get(end) != '\n') {
      end++;
    }
    return Arrays.copyOf(head.array(), end);
  }

  private LogReading readOn(FileChannel open, boolean fromStart) throws IOException, MalformedLine {
    long records = 0;
    int carried = 0;
    while (true) {
      if (carried == buffer.length) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      ByteBuffer rest = ByteBuffer.wrap(buffer, carried, buffer.length - carried);
      int got = open.read(rest, position + carried);
      if (got <= 0) {
        // What is left is a line whose end is not written yet: it stays unread.
        break;
      }
      int filled = carried + got;
      int lineStart = 0;
      for (int i = carried; i < filled; i++) {
        if (buffer[i] == '\n') {
          line(lineStart, i, position + lineStart);
          records++;
          lineStart = i + 1;
        }
      }
      position += lineStart;
      carried = filled - lineStart;
      System.arraycopy(buffer, lineStart, buffer, 0, carried);
    }
    seenSize = Math.max(seenSize, position + carried);
    if (buffer.length > CHUNK) {
      buffer = new byte[CHUNK];
    }
    return records == 0 && !fromStart
        ? new LogReading.Unchanged()
        : new LogReading.Advanced(records, fromStart);
  }

  private void line(int start, int end, long offset) throws MalformedLine {
    if (end - start < 3 || (end - start > 3 && !isBlank(buffer[start + 3]))) {
      throw malformed(start, end, offset, "expected a record type of three digits");
    }
    int type =
        (buffer[start] - '0') * 100 + (buffer[start + 1] - '0') * 10 + buffer[start + 2] - '0';
    int at = skipBlanks(start + 3, end);
    if (offset == 0 && type != 107) {
      throw malformed(start, end, offset, "expected the log's header (record type 107)");
    }
    switch (type) {
      case 101 -> commit(new LogRecord.NewAd(key(at, wordEnd(at, end), start, end, offset)));
      case 102 -> commit(new LogRecord.DestroyAd(key(at, wordEnd(at, end), start, end, offset)));
      case 103 -> {
        int keyEnd = wordEnd(at, end);
        AdKey key = key(at, keyEnd, start, end, offset);
        int nameStart = skipBlanks(keyEnd, end);
        int nameEnd = wordEnd(nameStart, end);
        String name = text(nameStart, nameEnd);
        // Exactly one blank separates name and value; an empty value is no expression.
        if (name.isEmpty() || nameEnd + 1 >= end) {
          throw malformed(start, end, offset, "expected a key, a name and a value");
        }
        if (consumer.keeps(name)) {
          commit(new LogRecord.SetAttribute(key, name, text(nameEnd + 1, end)));
        }
      }
      case 104 -> {
        int keyEnd = wordEnd(at, end);
        AdKey key = key(at, keyEnd, start, end, offset);
        int nameStart = skipBlanks(keyEnd, end);
        String name = text(nameStart, wordEnd(nameStart, end));
        if (name.isEmpty()) {
          throw malformed(start, end, offset, "expected a key and a name");
        }
        if (consumer.keeps(name)) {
          commit(new LogRecord.DeleteAttribute(key, name));
        }
      }
      case 105 -> {
        // A transaction that was begun anew was never committed: its writer is gone.
        uncommitted.clear();
        inTransaction = true;
      }
      case 106 -> {
        inTransaction = false;
        uncommitted.forEach(consumer::apply);
        uncommitted.clear();
      }
      case 107 -> {
        if (offset != 0) {
          throw malformed(start, end, offset, "a second header (record type 107)");
        }
      }
      default -> throw malformed(start, end, offset, "unknown record type " + type);
    }
  }

  private void commit(LogRecord change) {
    if (inTransaction) {
      uncommitted.add(change);
    } else {
      consumer.apply(change);
    }
  }

  private AdKey key(int from, int to, int lineStart, int lineEnd, long offset)
      throws MalformedLine {
    if (Arrays.equals(buffer, from, to, lastKeyBytes, 0, lastKeyBytes.length) && to > from) {
      return lastKey;
    }
    int dot = from;
    while (dot < to && buffer[dot] != '.') {
      dot++;
    }
    int cluster = number(from, dot);
    boolean negative = dot + 1 < to && buffer[dot + 1] == '-';
    int proc = number(negative ? dot + 2 : dot + 1, to);
    if (dot == to || cluster < 0 || proc < 0) {
      throw malformed(lineStart, lineEnd, offset, "expected a key like 12.0 or 012.-1");
    }
    lastKeyBytes = Arrays.copyOfRange(buffer, from, to);
    lastKey = new AdKey(cluster, negative ? -proc : proc);
    return lastKey;
  }

  /** A decimal number, or -1 where there is none or it is too large. */
  private int number(int from, int to) {
    if (from >= to || to - from > 10) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  private int skipBlanks(int from, int end) {
    int i = from;
    while (i < end && isBlank(buffer[i])) {
      i++;
    }
    return i;
  }

  private int wordEnd(int from, int end) {
    int i = from;
    while (i < end && !isBlank(buffer[i])) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private String text(int from, int to) {
    return new String(buffer, from, Math.max(0, to - from), StandardCharsets.UTF_8);
  }

  private MalformedLine malformed(int start, int end, long offset, String expected) {
    String shown = text(start, Math.min(end, start + 80));
    return new MalformedLine(
        "voc: "
            + log
            + ": byte "
            + offset
            + ": "
            + expected
            + ", found \""
            + shown
            + (end - start > 80 ? "…" : "")
            + "\"; no node is submitted or removed until the schedd rewrites its log (condor_restart"
            + " -schedd does)");
  }

  /** A line that HTCondor's format does not allow. */
  private static final class MalformedLine extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedLine(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage());
    }
  }
}
