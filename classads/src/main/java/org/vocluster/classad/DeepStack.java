package org.vocluster.classad;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what recurses deeper than an ordinary thread's stack safely allows, on a thread with a large
 * one. Trees are bounded in height, so that this stack always suffices.
 */
final class DeepStack {
  /** Levels of tree recursion that any thread's stack can take. */
  static final int SAFE_LEVELS = 300;

  /** Levels of tree recursion that are possible at all. */
  static final int MAX_LEVELS = 200_000;

  private static final long STACK_BYTES = 512L << 20;

  private DeepStack() {}

  static <T extends @Nullable Object> T get(Supplier<T> work) {
    Task<T> task = new Task<>(work);
    Thread thread = new Thread(null, task, "classad-deep", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return task.result();
  }

  static boolean test(BooleanSupplier work) {
    return get(work::getAsBoolean);
  }

  private static final class Task<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> work;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Task(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        result = work.get();
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    @SuppressWarnings("NullAway") // T itself says whether the result may be null
    T result() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      return result;
    }
  }
}
