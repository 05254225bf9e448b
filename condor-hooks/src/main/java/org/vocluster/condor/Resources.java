package org.vocluster.condor;

import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Value;

/**
 * What a slot has or a job asks for, in HTCondor's units. Whoever compares jobs with slots reads
 * both here, so that they are rounded and bounded alike. No ad makes it throw: what is absent or no
 * number counts as nothing.
 *
 * @param cpus number of processors
 * @param memoryMb MiB, as in {@code Memory} and {@code RequestMemory}
 * @param diskKb KiB, as in {@code Disk} and {@code RequestDisk}
 * @param gpus number of GPUs
 */
public record Resources(int cpus, long memoryMb, long diskKb, int gpus) {
  /** Memory is counted in MiB, disk in KiB. */
  public static final long KIB_PER_MIB = 1024;

  private static final int MEMORY_QUANTUM_MB = 128;
  private static final int DISK_QUANTUM_KB = 1024;

  public static final Resources NONE = new Resources(0, 0, 0, 0);

  public Resources {
    if (cpus < 0 || memoryMb < 0 || diskKb < 0 || gpus < 0) {
      throw new IllegalArgumentException("negative amount");
    }
  }

  /**
   * What a job asks of a slot: one cpu unless it says otherwise, of the rest nothing.
   *
   * @param slot at which requests may look, as those that condor_submit writes look at none
   */
  public static Resources requested(ClassAd job, ClassAd slot, EvalContext context) {
    return new Resources(
        (int) amount(job.evaluate(CondorAttr.REQUEST_CPUS, slot, context), 1),
        amount(job.evaluate(CondorAttr.REQUEST_MEMORY, slot, context), 0),
        amount(job.evaluate(CondorAttr.REQUEST_DISK, slot, context), 0),
        (int) amount(job.evaluate(CondorAttr.REQUEST_GPUS, slot, context), 0));
  }

  /** What a slot has: of one that can be split what is left of it. */
  public static Resources offered(ClassAd slot) {
    return new Resources(
        (int) amount(slot, CondorAttr.CPUS),
        amount(slot, CondorAttr.MEMORY),
        amount(slot, CondorAttr.DISK),
        (int) amount(slot, CondorAttr.GPUS));
  }

  /** All that belongs to a slot that can be split, whatever was cut from it. */
  public static Resources whole(ClassAd slot) {
    return new Resources(
        (int) amount(slot, CondorAttr.TOTAL_SLOT_CPUS),
        amount(slot, CondorAttr.TOTAL_SLOT_MEMORY),
        amount(slot, CondorAttr.TOTAL_SLOT_DISK),
        (int) amount(slot, CondorAttr.TOTAL_SLOT_GPUS));
  }

  /**
   * An amount that a job asks for, part of one counting as one.
   *
   * @param otherwise if the value is no number
   */
  public static long amount(Value asked, long otherwise) {
    double amount =
        asked instanceof Value.Int i
            ? i.value()
            : asked instanceof Value.Real r ? Math.ceil(r.value()) : otherwise;
    return (long) Math.clamp(amount, 0, Integer.MAX_VALUE);
  }

  /** Part of one counts as none. */
  private static long amount(ClassAd slot, String attribute) {
    return (long) Math.clamp(slot.number(attribute).orElse(0), 0, Integer.MAX_VALUE);
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
        + diskKb / KIB_PER_MIB
        + " MB disk"
        + (gpus > 0 ? ", " + gpus + " GPUs" : "");
  }

  private static long roundUp(long amount, int quantum) {
    return (amount + quantum - 1) / quantum * quantum;
  }
}
