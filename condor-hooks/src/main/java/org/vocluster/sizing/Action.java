package org.vocluster.sizing;

import java.util.List;

/** Something to do about a VOC's nodes. */
sealed interface Action {
  /** Submit that many node jobs. */
  record Submit(int nodes) implements Action {}

  /** Remove these node jobs, none of which runs a node that has joined the pool. */
  record Remove(List<NodeJob> nodes) implements Action {
    public Remove {
      nodes = List.copyOf(nodes);
    }
  }
}
