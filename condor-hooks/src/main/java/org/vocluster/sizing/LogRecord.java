package org.vocluster.sizing;

/** One change to the queue, as the schedd's {@code job_queue.log} records it. */
sealed interface LogRecord {
  /** The ad the change is about. */
  AdKey key();

  /** Record type 101. */
  record NewAd(AdKey key) implements LogRecord {}

  /** Record type 102. */
  record DestroyAd(AdKey key) implements LogRecord {}

  /** Record type 103; {@code value} is an expression in old ClassAd syntax. */
  record SetAttribute(AdKey key, String name, String value) implements LogRecord {}

  /** Record type 104. */
  record DeleteAttribute(AdKey key, String name) implements LogRecord {}
}
