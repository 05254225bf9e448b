package org.vocluster.condor;

/** How many of something, in words: the one place that knows when English wants an s. Pure. */
public final class Counted {
  private Counted() {}

  /** {@code 1 node}, {@code 2 nodes}; for words that take a plain s. */
  public static String of(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /**
   * {@code 1 line is}, {@code 2 lines are}: with the verb, or for words that take more than an s.
   */
  public static String of(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
