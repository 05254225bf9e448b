package org.vocluster.sizing.queue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
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
 *
 * <p>Ads have keys: jobs {@code N.M}, the ads that a cluster's jobs inherit from {@code 0N.-1}, and
 * the schedd's own ads (header {@code 0.0}, users {@code 0.U}, job sets {@code 0N.-100}) keys that
 * also start with 0.
 *
 * <p>A transaction is applied when its end is there; until then nothing of it is kept but its place
 * in the file, so that one of a million jobs takes no memory.
 */
final class JobQueueLogReader implements AutoCloseable {
  /** Receives the changes, in the log's order and only once they are committed. */
  interface Consumer {
    /** Forgets everything: the log is about to be read from its start. */
    void reset();

    /**
     * Which number the consumer has for an attribute of an ad.
     *
     * @return {@link AttributeNumbers#UNKNOWN} if it is not wanted
     */
    int wanted(int cluster, int proc, byte[] buffer, int from, int to);

    /** Record type 101. */
    void create(int cluster, int proc);

    /** Record type 102. */
    void destroy(int cluster, int proc);

    /** Record type 103; the bytes are an expression in old ClassAd syntax. */
    void set(int cluster, int proc, int attribute, byte[] buffer, int from, int to);

    /** Record type 104. */
    void delete(int cluster, int proc, int attribute);
  }

  private static final int CHUNK = 1 << 20;
  private static final int HEADER_BYTES = 128;
  private static final int NEW_AD = 101;
  private static final int DESTROY_AD = 102;
  private static final int SET_ATTRIBUTE = 103;
  private static final int DELETE_ATTRIBUTE = 104;
  private static final int BEGIN = 105;
  private static final int END = 106;
  private static final int HEADER = 107;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final Path log;
  private final Consumer consumer;

  private @Nullable FileChannel channel;
  private @Nullable Object fileKey;
  private byte[] header = new byte[0];

  /** Everything before this was applied, up to the end of a line or of a transaction. */
  private long position;

  /**
   * A transaction that begins at {@link #position} does not end before this; a line starts here.
   */
  private long soughtUpTo;

  private final Cursor applying = new Cursor();
  private final Cursor seeking = new Cursor();

  private long seenSize = -1;
  private @Nullable String broken;

  JobQueueLogReader(Path log, Consumer consumer) {
    this.log = log;
    this.consumer = consumer;
  }

  /** Everything before this byte of the file was applied. */
  long position() {
    return position;
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
      return unreadable(e);
    }
  }

  /**
   * Reads again what was applied, for another consumer.
   *
   * @param from a {@link #position} of this file, 0 for all
   * @return null if that worked
   */
  LogReading.@Nullable Unknown again(long from, Consumer other) {
    FileChannel open = channel;
    if (open == null) {
      return null;
    }
    try {
      new Pass(open, new Cursor(), new Cursor(), other).run(from, from, position);
      return null;
    } catch (MalformedLine e) {
      return new LogReading.Unknown(e.getMessage());
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  @Override
  public void close() {
    closeQuietly();
  }

  private LogReading.Unknown unreadable(IOException e) {
    return new LogReading.Unknown(
        "voc: "
            + log
            + ": cannot be read ("
            + e
            + "); it belongs to the condor user with mode 0600, run this as that user");
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
    soughtUpTo = 0;
    seenSize = -1;
    broken = null;
    applying.forget();
    seeking.forget();
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
    Pass pass = new Pass(open, applying, seeking, consumer);
    try {
      pass.run(position, soughtUpTo, Long.MAX_VALUE);
    } finally {
      position = pass.position;
      soughtUpTo = pass.soughtUpTo;
      seenSize = Math.max(seenSize, Math.max(applying.seen(), seeking.seen()));
    }
    return pass.records == 0 && !fromStart
        ? new LogReading.Unchanged()
        : new LogReading.Advanced(pass.records, fromStart);
  }

  /** One walk over the file, or a part of it, for one consumer. */
  private final class Pass {
    private final FileChannel open;
    private final Cursor lines;

    /** Runs ahead of the lines to be applied, in search of the end of their transaction. */
    private final Cursor ahead;

    private final Consumer to;
    long position;
    long soughtUpTo;
    long records;

    private int lastCluster;
    private int lastProc;
    private final byte[] lastKey = new byte[32];
    private int lastKeyLength;

    Pass(FileChannel open, Cursor lines, Cursor ahead, Consumer to) {
      this.open = open;
      this.lines = lines;
      this.ahead = ahead;
      this.to = to;
    }

    void run(long from, long sought, long limit) throws IOException, MalformedLine {
      position = from;
      soughtUpTo = sought;
      lines.moveTo(from);
      long committedUpTo = from;
      while (lines.offset() < limit && lines.next(open)) {
        if (lines.offset() >= committedUpTo && lines.startsWith(BEGIN)) {
          if (!seekEnd(lines.after())) {
            return;
          }
          if (ahead.startsWith(BEGIN)) {
            // A transaction that was begun anew was never committed: its writer is gone.
            lines.moveTo(ahead.offset());
            position = ahead.offset();
            continue;
          }
          committedUpTo = ahead.after();
        }
        apply(lines.buffer, lines.line, lines.end, lines.offset());
        records++;
        lines.pass();
        if (lines.offset() >= committedUpTo) {
          position = lines.offset();
        }
      }
    }

    /** Moves {@link #ahead} to the next line that ends or begins a transaction. */
    private boolean seekEnd(long from) throws IOException {
      ahead.moveTo(Math.max(from, soughtUpTo));
      while (ahead.next(open)) {
        if (ahead.startsWith(END) || ahead.startsWith(BEGIN)) {
          return true;
        }
        ahead.pass();
      }
      soughtUpTo = ahead.offset();
      return false;
    }

    private void apply(byte[] b, int start, int end, long offset) throws MalformedLine {
      if (end - start < 3 || (end - start > 3 && !isBlank(b[start + 3]))) {
        throw malformed(b, start, end, offset, "expected a record type of three digits");
      }
      int type = (b[start] - '0') * 100 + (b[start + 1] - '0') * 10 + b[start + 2] - '0';
      if (offset == 0 && type != HEADER) {
        throw malformed(b, start, end, offset, "expected the log's header (record type 107)");
      }
      switch (type) {
        case NEW_AD -> {
          readKey(b, skipBlanks(b, start + 3, end), start, end, offset);
          to.create(lastCluster, lastProc);
        }
        case DESTROY_AD -> {
          readKey(b, skipBlanks(b, start + 3, end), start, end, offset);
          to.destroy(lastCluster, lastProc);
        }
        case SET_ATTRIBUTE -> {
          int keyEnd = readKey(b, skipBlanks(b, start + 3, end), start, end, offset);
          int name = skipBlanks(b, keyEnd, end);
          int nameEnd = wordEnd(b, name, end);
          // Exactly one blank separates name and value; an empty value is no expression.
          if (nameEnd == name || nameEnd + 1 >= end) {
            throw malformed(b, start, end, offset, "expected a key, a name and a value");
          }
          int attribute = to.wanted(lastCluster, lastProc, b, name, nameEnd);
          if (attribute != AttributeNumbers.UNKNOWN) {
            to.set(lastCluster, lastProc, attribute, b, nameEnd + 1, end);
          }
        }
        case DELETE_ATTRIBUTE -> {
          int keyEnd = readKey(b, skipBlanks(b, start + 3, end), start, end, offset);
          int name = skipBlanks(b, keyEnd, end);
          int nameEnd = wordEnd(b, name, end);
          if (nameEnd == name) {
            throw malformed(b, start, end, offset, "expected a key and a name");
          }
          int attribute = to.wanted(lastCluster, lastProc, b, name, nameEnd);
          if (attribute != AttributeNumbers.UNKNOWN) {
            to.delete(lastCluster, lastProc, attribute);
          }
        }
        case BEGIN, END -> {}
        case HEADER -> {
          if (offset != 0) {
            throw malformed(b, start, end, offset, "a second header (record type 107)");
          }
        }
        default -> throw malformed(b, start, end, offset, "unknown record type " + type);
      }
    }

    /**
     * Reads the key into {@link #lastCluster} and {@link #lastProc}; most lines have that of the
     * line before.
     *
     * @return where it ends
     */
    private int readKey(byte[] b, int from, int lineStart, int lineEnd, long offset)
        throws MalformedLine {
      int length = lastKeyLength;
      if (length > 0
          && from + length < lineEnd
          && isBlank(b[from + length])
          && Arrays.equals(b, from, from + length, lastKey, 0, length)) {
        return from + length;
      }
      int to = wordEnd(b, from, lineEnd);
      int dot = from;
      while (dot < to && b[dot] != '.') {
        dot++;
      }
      int cluster = number(b, from, dot);
      boolean negative = dot + 1 < to && b[dot + 1] == '-';
      int proc = number(b, negative ? dot + 2 : dot + 1, to);
      if (dot == to || cluster < 0 || proc < 0) {
        throw malformed(b, lineStart, lineEnd, offset, "expected a key like 12.0 or 012.-1");
      }
      lastCluster = cluster;
      lastProc = negative ? -proc : proc;
      lastKeyLength = to - from <= lastKey.length ? to - from : 0;
      System.arraycopy(b, from, lastKey, 0, lastKeyLength);
      return to;
    }
  }

  /** Goes over the file's lines, with a part of it in memory. */
  private static final class Cursor {
    byte[] buffer = new byte[0];
    private long start;
    private int filled;

    /** The current line's place in the buffer, without its end. */
    int line;

    int end;

    void forget() {
      start = 0;
      filled = 0;
      line = 0;
    }

    void moveTo(long offset) {
      if (offset >= start && offset <= start + filled) {
        line = (int) (offset - start);
      } else {
        start = offset;
        filled = 0;
        line = 0;
      }
    }

    /** Finds the end of the line here; false while that is not written. */
    boolean next(FileChannel open) throws IOException {
      int sought = line;
      while (true) {
        end = newline(buffer, sought, filled);
        if (end < filled) {
          return true;
        }
        sought = filled - line;
        if (line > 0) {
          System.arraycopy(buffer, line, buffer, 0, filled - line);
          start += line;
          filled -= line;
          line = 0;
        }
        if (buffer.length == 0) {
          buffer = new byte[CHUNK];
        } else if (filled == buffer.length) {
          buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        ByteBuffer rest = ByteBuffer.wrap(buffer, filled, buffer.length - filled);
        int got = open.read(rest, start + filled);
        if (got <= 0) {
          if (buffer.length > CHUNK && filled < CHUNK) {
            buffer = Arrays.copyOf(buffer, CHUNK);
          }
          return false;
        }
        filled += got;
      }
    }

    /** Goes to the line after this one. */
    void pass() {
      line = end + 1;
    }

    long offset() {
      return start + line;
    }

    long after() {
      return start + end + 1;
    }

    long seen() {
      return start + filled;
    }

    boolean startsWith(int type) {
      return end - line >= 3
          && (end - line == 3 || isBlank(buffer[line + 3]))
          && buffer[line] == '0' + type / 100
          && buffer[line + 1] == '0' + type / 10 % 10
          && buffer[line + 2] == '0' + type % 10;
    }
  }

  /** The first line feed, or {@code to}; eight bytes at a time. */
  private static int newline(byte[] buffer, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long word = (long) LONGS.get(buffer, i) ^ NEWLINES;
      long found = (word - ONES) & ~word & HIGHS;
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < to && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  /** A decimal number, or -1 where there is none or it is too large. */
  private static int number(byte[] buffer, int from, int to) {
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

  private static int skipBlanks(byte[] buffer, int from, int end) {
    int i = from;
    while (i < end && isBlank(buffer[i])) {
      i++;
    }
    return i;
  }

  private static int wordEnd(byte[] buffer, int from, int end) {
    int i = from;
    while (i < end && !isBlank(buffer[i])) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private MalformedLine malformed(byte[] buffer, int start, int end, long offset, String expected) {
    String shown = text(buffer, start, Math.min(end, start + 80));
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

  private static String text(byte[] buffer, int from, int to) {
    return new String(buffer, from, Math.max(0, to - from), StandardCharsets.UTF_8);
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
