package org.vocluster.sizing.queue;

import java.util.Objects;

/**
 * A line that the format of job_queue.log does not allow. {@link LogWalk} finds it, {@link
 * JobQueueLogReader} says of which file. The message begins with the line's place.
 */
final class MalformedLine extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLine(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
