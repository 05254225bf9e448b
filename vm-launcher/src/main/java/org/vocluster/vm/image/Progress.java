package org.vocluster.vm.image;

/** Is told how far a transfer is. */
@FunctionalInterface
public interface Progress {
  /** Nobody looks on. */
  Progress NONE = (done, total) -> {};

  /**
   * Called for about every MiB, by the thread that transfers.
   *
   * @param done bytes that are here
   * @param total bytes of the whole image, or -1 where the other side does not say
   */
  void at(long done, long total);
}
