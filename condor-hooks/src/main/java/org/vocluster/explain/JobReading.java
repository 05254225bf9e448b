package org.vocluster.explain;

import org.vocluster.classad.ClassAd;

/** Where a job was found. */
sealed interface JobReading {
  /** In the schedd's queue. */
  record InQueue(ClassAd ad) implements JobReading {}

  /** In the schedd's history: it left the queue. */
  record InHistory(ClassAd ad) implements JobReading {}

  /**
   * In neither.
   *
   * @param historyUnknown why the history could not be read, empty if it could
   */
  record Nowhere(String historyUnknown) implements JobReading {}
}
