package org.vocluster.vm;

/**
 * The virtual hardware of one node.
 *
 * @param cpus virtual processors, at least 1
 * @param memoryMb the guest's memory in MiB
 * @param diskMb the size in MiB of the disk that the guest sees
 */
public record MachineShape(int cpus, long memoryMb, long diskMb) {
  /** Fails with {@link IllegalArgumentException} for a size below 1. */
  public MachineShape {
    if (cpus < 1 || memoryMb < 1 || diskMb < 1) {
      throw new IllegalArgumentException(
          "a machine shape needs positive sizes: " + cpus + ", " + memoryMb + ", " + diskMb);
    }
  }
}
