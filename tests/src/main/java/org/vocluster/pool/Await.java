package org.vocluster.pool;

import java.time.Duration;
import java.util.function.Predicate;

/** Waiting for something to become true in a pool: by asking again and again, within a bound. */
public final class Await {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private Await() {}

  /** A question to the pool. Failing with a {@link PoolException} counts as "not yet". */
  @FunctionalInterface
  public interface Probe<T> {
    T ask() throws PoolException, InterruptedException;
  }

  /**
   * Asks until the answer is the wanted one, and returns that answer.
   *
   * @param what what is awaited, as the error should name it: "slot of pad1 in the collector"
   * @throws PoolException after {@code bound}: what was awaited, how long, and what was seen last
   */
  public static <T> T until(String what, Duration bound, Probe<T> probe, Predicate<T> wanted)
      throws PoolException, InterruptedException {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    int asked = 0;
    while (true) {
      PoolException failure = null;
      String seen;
      try {
        T answer = probe.ask();
        if (wanted.test(answer)) {
          return answer;
        }
        seen = String.valueOf((Object) answer);
      } catch (PoolException e) {
        failure = e;
        seen = e.getMessage();
      }
      asked++;
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (waited.compareTo(bound) >= 0) {
        String message =
            "waited %.1f s (bound %d s, asked %d times) in vain for: %s%nlast seen:%n%s"
                .formatted(
                    waited.toMillis() / 1000.0,
                    bound.toSeconds(),
                    asked,
                    what,
                    seen.strip().indent(2).stripTrailing());
        throw failure == null ? new PoolException(message) : new PoolException(message, failure);
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) {
        pause = LONGEST_PAUSE;
      }
    }
  }

  /** Asks until the answer is {@code true}. */
  public static void until(String what, Duration bound, Probe<Boolean> probe)
      throws PoolException, InterruptedException {
    var _ = until(what, bound, probe, answer -> answer);
  }
}
