package org.vocluster.vm.definition;

/**
 * The virtual hardware of one node.
 *
 * @param name what the definition calls it
 * @param cpus virtual processors, at least 1
 * @param memoryMb the guest's memory in MiB
 * @param diskMb the size in MiB of the disk that the guest sees
 * @param gpus GPUs of the host that the guest gets for itself
 */
public record MachineShape(ShapeName name, int cpus, long memoryMb, long diskMb, int gpus)
    implements Comparable<MachineShape> {
  /** Fails with {@link IllegalArgumentException} for a size below 1. */
  public MachineShape {
    if (cpus < 1 || memoryMb < 1 || diskMb < 1 || gpus < 0) {
      throw new IllegalArgumentException(
          "a machine shape needs positive sizes: "
              + cpus
              + ", "
              + memoryMb
              + ", "
              + diskMb
              + ", "
              + gpus);
    }
  }

  /** Smallest first: GPUs are dearest, then processors, memory and disk. */
  @Override
  public int compareTo(MachineShape other) {
    int order = Integer.compare(gpus, other.gpus);
    order = order != 0 ? order : Integer.compare(cpus, other.cpus);
    order = order != 0 ? order : Long.compare(memoryMb, other.memoryMb);
    order = order != 0 ? order : Long.compare(diskMb, other.diskMb);
    return order != 0 ? order : name.value().compareTo(other.name.value());
  }

  /** The sizes, for people. */
  @Override
  public String toString() {
    return cpus
        + " cpus, "
        + memoryMb
        + " MB memory, "
        + diskMb
        + " MB disk"
        + (gpus > 0 ? ", " + gpus + " GPUs" : "");
  }
}
