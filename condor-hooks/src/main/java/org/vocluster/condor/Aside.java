package org.vocluster.condor;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * Work aside from the passes of the sizer: HTCondor's tools take their time. A piece of work runs
 * on a thread of its own and must touch nothing that the passes use; what it returns is run by the
 * passes' own thread, so that only that one touches the sizer's state.
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

  /**
   * Starts a piece of work. A fault in it is thrown where results are taken in.
   *
   * @param doing for people: the thread's name, and what a fault is said to have happened in
   */
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

  /** Takes in what has been finished since the last call, in the order in which it was. */
  public void takeResults() {
    for (Runnable result = results.poll(); result != null; result = results.poll()) {
      result.run();
    }
  }
}
