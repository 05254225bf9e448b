package org.vocluster.sizing.queue;

/** What one look at the job queue log brought; the sizer decides nothing after an unknown one. */
public sealed interface LogReading {
  /** Nothing new since the last look. */
  record Unchanged() implements LogReading {}

  /**
   * The mirror now shows the log's committed contents.
   *
   * @param records how many records were read
   * @param fromStart whether the log was read from its start (first look, or it was rewritten)
   */
  record Advanced(long records, boolean fromStart) implements LogReading {}

  /**
   * The log could not be read or not be understood: what the mirror shows must not be acted on.
   *
   * @param why names the file, the place in it and what is wrong
   */
  record Unknown(String why) implements LogReading {}
}
