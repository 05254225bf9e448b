package org.vocluster.simulation;

/**
 * When something regular happens next. The regular times at which nothing would change are not gone
 * through one by one, but they count.
 */
final class Pace {
  private long last;
  private long happened = -1;
  private long next = Events.NEVER;

  Pace(long first) {
    this.last = first;
  }

  long next() {
    return next;
  }

  /**
   * There is reason for the next regular time.
   *
   * @param interval between two regular times
   */
  void regular(long now, long interval) {
    skipTo(now, interval);
    next = Math.min(next, last == now && happened != now ? now : last + interval);
  }

  /**
   * Somebody asks for it as soon as may be.
   *
   * @param interval between two regular times
   * @param delay least time between two at all
   */
  void soon(long now, long interval, long delay) {
    skipTo(now, interval);
    next = Math.min(next, Math.max(now, last + delay));
  }

  /** It happens now. */
  void happens(long now) {
    last = now;
    happened = now;
    next = Events.NEVER;
  }

  private void skipTo(long now, long interval) {
    if (now > last) {
      last += (now - last) / interval * interval;
    }
  }
}
