package org.vocluster.sizing.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One walk over the log, or a part of it, for one consumer: {@link JobQueueLogReader} makes one for
 * each look. It splits lines into records and hands on those that are committed; it neither opens
 * the file nor remembers anything for the next walk.
 *
 * <p>A transaction is applied when its end is there; until then nothing of it is kept but its place
 * in the file, so that one of a million jobs takes no memory.
 */
final class LogWalk {
  private static final int NEW_AD = 101;
  private static final int DESTROY_AD = 102;
  private static final int SET_ATTRIBUTE = 103;
  private static final int DELETE_ATTRIBUTE = 104;
  private static final int BEGIN = 105;
  private static final int END = 106;
  private static final int HEADER = 107;

  /** So much of a malformed line is shown, in bytes. */
  private static final int SHOWN = 80;

  private final FileChannel open;
  private final LogCursor lines;

  /** Runs ahead of the lines to be applied, in search of the end of their transaction. */
  private final LogCursor ahead;

  private final LogConsumer to;

  /** Everything before this was applied, up to the end of a line or of a transaction. */
  long position;

  /** A transaction that begins at {@link #position} does not end before this. */
  long soughtUpTo;

  /** How many were applied. */
  long records;

  private int lastCluster;
  private int lastProc;
  private final byte[] lastKey = new byte[32];
  private int lastKeyLength;

  LogWalk(FileChannel open, LogCursor lines, LogCursor ahead, LogConsumer to) {
    this.open = open;
    this.lines = lines;
    this.ahead = ahead;
    this.to = to;
  }

  /**
   * Applies what is committed.
   *
   * @param from where a line starts
   * @param sought the end of a transaction that begins there is not before this; a line starts here
   * @param limit where to stop
   */
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
    if (end - start < 3 || (end - start > 3 && !LogBytes.isBlank(b[start + 3]))) {
      throw malformed(b, start, end, offset, "expected a record type of three digits");
    }
    int type = (b[start] - '0') * 100 + (b[start + 1] - '0') * 10 + b[start + 2] - '0';
    if (offset == 0 && type != HEADER) {
      throw malformed(b, start, end, offset, "expected the log's header (record type 107)");
    }
    switch (type) {
      case NEW_AD -> {
        readKey(b, LogBytes.skipBlanks(b, start + 3, end), start, end, offset);
        to.create(lastCluster, lastProc);
      }
      case DESTROY_AD -> {
        readKey(b, LogBytes.skipBlanks(b, start + 3, end), start, end, offset);
        to.destroy(lastCluster, lastProc);
      }
      case SET_ATTRIBUTE -> {
        int keyEnd = readKey(b, LogBytes.skipBlanks(b, start + 3, end), start, end, offset);
        int name = LogBytes.skipBlanks(b, keyEnd, end);
        int nameEnd = LogBytes.wordEnd(b, name, end);
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
        int keyEnd = readKey(b, LogBytes.skipBlanks(b, start + 3, end), start, end, offset);
        int name = LogBytes.skipBlanks(b, keyEnd, end);
        int nameEnd = LogBytes.wordEnd(b, name, end);
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
   * Reads the key into {@link #lastCluster} and {@link #lastProc}; most lines have that of the line
   * before.
   *
   * @return where it ends
   */
  private int readKey(byte[] b, int from, int lineStart, int lineEnd, long offset)
      throws MalformedLine {
    int length = lastKeyLength;
    if (length > 0
        && from + length < lineEnd
        && LogBytes.isBlank(b[from + length])
        && Arrays.equals(b, from, from + length, lastKey, 0, length)) {
      return from + length;
    }
    int to = LogBytes.wordEnd(b, from, lineEnd);
    int dot = from;
    while (dot < to && b[dot] != '.') {
      dot++;
    }
    int cluster = LogBytes.number(b, from, dot);
    boolean negative = dot + 1 < to && b[dot + 1] == '-';
    int proc = LogBytes.number(b, negative ? dot + 2 : dot + 1, to);
    if (dot == to || cluster < 0 || proc < 0) {
      throw malformed(b, lineStart, lineEnd, offset, "expected a key like 12.0 or 012.-1");
    }
    lastCluster = cluster;
    lastProc = negative ? -proc : proc;
    lastKeyLength = to - from <= lastKey.length ? to - from : 0;
    System.arraycopy(b, from, lastKey, 0, lastKeyLength);
    return to;
  }

  private static MalformedLine malformed(
      byte[] buffer, int start, int end, long offset, String expected) {
    int shown = Math.max(0, Math.min(end - start, SHOWN));
    return new MalformedLine(
        "byte "
            + offset
            + ": "
            + expected
            + ", found \""
            + new String(buffer, start, shown, StandardCharsets.UTF_8)
            + (end - start > SHOWN ? "…" : "")
            + "\"; no node is submitted or removed until the schedd rewrites its log (condor_restart"
            + " -schedd does)");
  }

  /**
   * A line that the format of job_queue.log does not allow. The message begins with its place;
   * {@link JobQueueLogReader} says of which file.
   */
  static final class MalformedLine extends Exception {
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
