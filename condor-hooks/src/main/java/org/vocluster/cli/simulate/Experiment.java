package org.vocluster.cli.simulate;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vocluster.simulation.Conditions;
import org.vocluster.simulation.Simulator;
import org.vocluster.simulation.trace.TraceDefaults;
import org.vocluster.simulation.trace.TraceFormat;
import org.vocluster.simulation.trace.UserVos;

/**
 * What {@code voc simulate} is asked to try.
 *
 * @param csv where the table goes
 * @param svg where the plot goes
 */
record Experiment(
    Workload workload,
    List<Simulator.Policy> policies,
    Conditions conditions,
    Optional<Path> csv,
    Optional<Path> svg) {

  Experiment {
    policies = List.copyOf(policies);
  }

  /**
   * The trace and how to read it.
   *
   * @param format empty to find it out
   */
  record Workload(Path file, Optional<TraceFormat> format, UserVos users, TraceDefaults defaults) {}
}
