package org.vocluster.sizing.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * <p>{@link JobQueueMirror} polls it, and has it go over the log a second time. It looks whether
 * the file is the same and has grown, {@link LogWalk} reads it, a {@link LogConsumer} takes the
 * changes; there it is said which keys, which order and which transactions. It never writes, nor
 * holds up the schedd: the file is opened for reading and not locked.
 */
final class JobQueueLogReader implements AutoCloseable {
  /** More than a first line has: a record type, a word and two numbers. */
  private static final int HEADER_BYTES = 128;

  private final Path log;
  private final LogConsumer consumer;

  private @Nullable FileChannel channel;
  private @Nullable Object fileKey;
  private byte[] header = new byte[0];

  /** Everything before this was applied, up to the end of a line or of a transaction. */
  private long position;

  /**
   * A transaction that begins at {@link #position} does not end before this; a line starts here.
   */
  private long soughtUpTo;

  private final LogCursor applying = new LogCursor();
  private final LogCursor seeking = new LogCursor();

  private long seenSize = -1;
  private @Nullable String broken;

  JobQueueLogReader(Path log, LogConsumer consumer) {
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
    } catch (LogWalk.MalformedLine e) {
      String why = malformed(e);
      broken = why;
      return new LogReading.Unknown(why);
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
  LogReading.@Nullable Unknown again(long from, LogConsumer other) {
    FileChannel open = channel;
    if (open == null) {
      return null;
    }
    try {
      new LogWalk(open, new LogCursor(), new LogCursor(), other).run(from, from, position);
      return null;
    } catch (LogWalk.MalformedLine e) {
      return new LogReading.Unknown(malformed(e));
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  @Override
  public void close() {
    closeQuietly();
  }

  private String malformed(LogWalk.MalformedLine line) {
    return "voc: " + log + ": " + line.getMessage();
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

  private LogReading readOn(FileChannel open, boolean fromStart)
      throws IOException, LogWalk.MalformedLine {
    LogWalk walk = new LogWalk(open, applying, seeking, consumer);
    try {
      walk.run(position, soughtUpTo, Long.MAX_VALUE);
    } finally {
      position = walk.position;
      soughtUpTo = walk.soughtUpTo;
      seenSize = Math.max(seenSize, Math.max(applying.seen(), seeking.seen()));
    }
    return walk.records == 0 && !fromStart
        ? new LogReading.Unchanged()
        : new LogReading.Advanced(walk.records, fromStart);
  }
}
