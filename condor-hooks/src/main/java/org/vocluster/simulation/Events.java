package org.vocluster.simulation;

import java.util.PriorityQueue;

/**
 * What is to happen, in the order of its time; of things at the same time, the first planned. So a
 * run is the same each time.
 */
final class Events {
  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  /** Later than everything. */
  static final long NEVER = Long.MAX_VALUE;

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private long planned;

  void plan(long at, Runnable what) {
    queue.add(new Event(at, planned++, what));
  }

  long next() {
    Event first = queue.peek();
    return first == null ? NEVER : first.at;
  }

  /** Runs all that is due, also what is planned for now meanwhile. */
  void run(long now) {
    for (Event first = queue.peek(); first != null && first.at <= now; first = queue.peek()) {
      queue.remove();
      first.what.run();
    }
  }
}
