package org.vocluster.vm.definition;

/**
 * What a node takes of its host's memory: what the guest has, and what QEMU itself needs to run it.
 * A node job asks for the sum, since HTCondor may kill what exceeds its request. Which accelerator
 * the host has is not known when the job is submitted, so it is the most that either takes;
 * measured values, and where the others come from, are in docs/benchmarks.md.
 */
public final class HostMemory {
  /** QEMU's program, libraries, devices, threads and user-mode network. */
  private static final long QEMU_MB = 104;

  /** What emulation translates code into, {@code VOC_TCG_CACHE_MB} as the package comes. */
  private static final long TRANSLATIONS_MB = 128;

  /** A processor's stack and, in emulation, its tables of addresses, which grow with use. */
  private static final long PROCESSOR_MB = 8;

  /** Of the guest's memory, what the host's kernel needs to keep account of it: page tables. */
  private static final long PAGE_TABLES = 512;

  /** Of the guest's memory, what QEMU and a guest in emulation need for it: bitmaps, tables. */
  private static final long TABLES = 512;

  private HostMemory() {}

  /** In MiB, for a node of this shape. */
  public static long of(MachineShape shape) {
    return shape.memoryMb() + besideGuest(shape);
  }

  /** What of it is not the guest's, in MiB. */
  static long besideGuest(MachineShape shape) {
    return QEMU_MB
        + TRANSLATIONS_MB
        + PROCESSOR_MB * shape.cpus()
        + parts(shape.memoryMb(), PAGE_TABLES)
        + parts(shape.memoryMb(), TABLES)
        // A GPU reaches the guest's memory through tables of its own.
        + (shape.gpus() > 0 ? parts(shape.memoryMb(), PAGE_TABLES) : 0);
  }

  private static long parts(long memoryMb, long of) {
    return (memoryMb + of - 1) / of;
  }
}
