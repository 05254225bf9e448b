package org.vocluster.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AwaitTest {
  @Test
  void wantedAnswerIsReturnedAsSoonAsItComes() throws Exception {
    AtomicInteger asked = new AtomicInteger();

    int answer =
        Await.until("3", Duration.ofSeconds(10), asked::incrementAndGet, seen -> seen == 3);

    assertEquals(3, answer);
    assertEquals(3, asked.get());
  }

  @Test
  void failingProbeCountsAsNotYet() throws Exception {
    AtomicInteger asked = new AtomicInteger();

    Await.until(
        "second answer",
        Duration.ofSeconds(10),
        () -> {
          if (asked.incrementAndGet() == 1) {
            throw new PoolException("not up");
          }
          return true;
        });

    assertEquals(2, asked.get());
  }

  @Test
  void errorSaysWhatWasAwaitedHowLongAndWhatWasSeenLast() {
    PoolException error =
        assertThrows(
            PoolException.class,
            () ->
                Await.until("slot of pad1", Duration.ZERO, () -> "no slots\nat all", "x"::equals));

    assertTrue(error.getMessage().contains("in vain for: slot of pad1"), error.getMessage());
    assertTrue(error.getMessage().contains("bound 0 s, asked 1 times"), error.getMessage());
    assertTrue(error.getMessage().endsWith("  no slots\n  at all"), error.getMessage());
  }

  @Test
  void errorKeepsTheLastFailureOfTheProbe() {
    PoolException failure = new PoolException("host cm is not up");

    PoolException error =
        assertThrows(
            PoolException.class,
            () ->
                Await.until(
                    "answer",
                    Duration.ZERO,
                    () -> {
                      throw failure;
                    }));

    assertSame(failure, error.getCause());
    assertTrue(error.getMessage().contains("host cm is not up"), error.getMessage());
  }
}
