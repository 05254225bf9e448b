package org.vocluster.simulation.trace;

/**
 * What holds where a trace does not say.
 *
 * @param memoryMb memory of a job, per processor, in MiB
 * @param diskMb disk of a job in MiB
 * @param runSeconds run time of a job
 * @param split whether a job of several processors of a Standard Workload Format trace becomes as
 *     many jobs of one: such traces are mostly of parallel jobs that spread over machines
 */
public record TraceDefaults(long memoryMb, long diskMb, long runSeconds, boolean split) {
  public static final TraceDefaults STANDARD = new TraceDefaults(1024, 1024, 3600, false);
}
