package org.vocluster.condor;

/**
 * What a slot has or a job asks for, in HTCondor's units.
 *
 * @param cpus number of processors
 * @param memoryMb MiB, as in {@code Memory} and {@code RequestMemory}
 * @param diskKb KiB, as in {@code Disk} and {@code RequestDisk}
 * @param gpus number of GPUs
 */
public record Resources(int cpus, long memoryMb, long diskKb, int gpus) {
  private static final int MEMORY_QUANTUM_MB = 128;
  private static final int DISK_QUANTUM_KB = 1024;

  public static final Resources NONE = new Resources(0, 0, 0, 0);

  public Resources {
    if (cpus < 0 || memoryMb < 0 || diskKb < 0 || gpus < 0) {
      throw new IllegalArgumentException("negative amount");
    }
  }

  /**
   * What a partitionable slot takes off for this request: HTCondor rounds memory and disk up
   * ({@code MODIFY_REQUEST_EXPR_REQUESTMEMORY}, {@code …REQUESTDISK}) and gives at least one cpu.
   */
  public Resources asCarvedFromSlot() {
    return new Resources(
        Math.max(1, cpus),
        roundUp(memoryMb, MEMORY_QUANTUM_MB),
        roundUp(diskKb, DISK_QUANTUM_KB),
        gpus);
  }

  /** How many such requests fit into these resources. */
  public int fits(Resources request) {
    long fits = Integer.MAX_VALUE;
    if (request.cpus > 0) {
      fits = Math.min(fits, cpus / request.cpus);
    }
    if (request.memoryMb > 0) {
      fits = Math.min(fits, memoryMb / request.memoryMb);
    }
    if (request.diskKb > 0) {
      fits = Math.min(fits, diskKb / request.diskKb);
    }
    if (request.gpus > 0) {
      fits = Math.min(fits, gpus / request.gpus);
    }
    return (int) fits;
  }

  public Resources plus(Resources other) {
    return new Resources(
        cpus + other.cpus, memoryMb + other.memoryMb, diskKb + other.diskKb, gpus + other.gpus);
  }

  public Resources minus(Resources request, int times) {
    return new Resources(
        cpus - request.cpus * times,
        memoryMb - request.memoryMb * times,
        diskKb - request.diskKb * times,
        gpus - request.gpus * times);
  }

  @Override
  public String toString() {
    return cpus
        + " cpus, "
        + memoryMb
        + " MB memory, "
        + diskKb / 1024
        + " MB disk"
        + (gpus > 0 ? ", " + gpus + " GPUs" : "");
  }

  private static long roundUp(long amount, int quantum) {
    return (amount + quantum - 1) / quantum * quantum;
  }
}
