package org.vocluster.simulation;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.simulation.report.Chart;
import org.vocluster.simulation.report.Outcome;
import org.vocluster.simulation.report.Report;
import org.vocluster.simulation.trace.Trace;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.vm.definition.VocDefinition;

/**
 * Tries policies on one trace under the same conditions, for {@code voc simulate}. Pure: reads no
 * file and no clock.
 */
public final class Simulator {
  /**
   * A policy to try.
   *
   * @param label how the report calls it
   * @param definitions the VOC definitions, their names different
   * @param limits the sizer's settings
   */
  public record Policy(String label, List<VocDefinition> definitions, SizingLimits limits) {
    public Policy {
      definitions = List.copyOf(definitions);
    }
  }

  /**
   * What the policies came to.
   *
   * @param reports one for each policy, in their order
   * @param svg the plot
   */
  public record Result(List<Report> reports, String svg) {
    public Result {
      reports = List.copyOf(reports);
    }
  }

  private Simulator() {}

  /**
   * Runs each policy.
   *
   * @param title of the plot
   */
  public static Result run(
      String title, Trace trace, List<Policy> policies, Conditions conditions) {
    List<Report> reports = new ArrayList<>();
    List<Chart.Run> runs = new ArrayList<>();
    for (Policy policy : policies) {
      Outcome outcome =
          new Simulation(
                  trace.jobs(),
                  new SizerTwin(
                      policy.definitions(), policy.limits(), World.aheadOfModel(trace.began())),
                  conditions)
              .run();
      reports.add(Report.of(policy.label(), outcome));
      runs.add(new Chart.Run(policy.label(), outcome.timeline(), outcome.endMs()));
    }
    return new Result(reports, Chart.svg(title, runs));
  }
}
