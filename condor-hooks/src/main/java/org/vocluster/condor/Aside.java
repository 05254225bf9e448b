package org.vocluster.condor;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * Work beside the passes of the sizer: HTCondor's tools take their time. What a piece of work
 * returns is run by the passes' own thread, so that only that one touches the sizer's state.
 */
public final class Aside {
  /** Work for another thread, and what to do with its result on the passes' own. */
  public interface Work {
    Runnable run();
  }

  private final ConcurrentLinkedQueue<Runnable> results = new ConcurrentLinkedQueue<>();
  private final BiConsumer<String, Runnable> starter;

  /** Each piece of work has a virtual thread of its own. */
  public Aside() {
    this((doing, work) -> Thread.ofVirtual().name(doing).start(work));
  }

  /**
   * @param starter runs a piece of work, which is called so; a test may do that at once
   */
  public Aside(BiConsumer<String, Runnable> starter) {
    this.starter = starter;
  }

  public void start(String doing, Work work) {
    starter.accept(
        doing,
        () -> {
          try {
            results.add(work.run());
          } catch (RuntimeException | Error e) {
            results.add(
                () -> {
                  throw new IllegalStateException(doing, e);
                });
          }
        });
  }

  /** Takes in what has been finished since the last call. */
  public void takeResults() {
    for (Runnable result = results.poll(); result != null; result = results.poll()) {
      result.run();
    }
  }
}
