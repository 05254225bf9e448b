package org.vocluster.simulation;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.vocluster.simulation.report.Report;
import org.vocluster.simulation.report.Report.Metric;
import org.vocluster.simulation.trace.Trace;
import org.vocluster.simulation.trace.TraceJob;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.vm.definition.Problem;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;

/** A small pool, quick in everything, and what is to be simulated in it. */
final class ASimulation {
  /** As the project's test pools are set up: {@code NEGOTIATOR_INTERVAL} and so on. */
  static final Conditions.Negotiator TEST_POOL = new Conditions.Negotiator(10_000, 1_000, 5_000);

  private final List<VocDefinition> definitions = new ArrayList<>();
  private final List<TraceJob> jobs = new ArrayList<>();
  private String hosts = "4x8cpu,32GB,1TB";
  private Conditions.Boot boot = new Conditions.Boot(14_000, 0, 0);
  private Quotas quotas = Quotas.NONE;
  private long seed = 1;
  private long untilMs = Conditions.NO_END;

  /** Whether jobs that are added say how long they run. */
  private boolean saysLength;

  ASimulation jobsSayTheirLength() {
    saysLength = true;
    return this;
  }

  /** A definition with nodes of two processors, and more attributes or others. */
  ASimulation voc(String name, String vo, String more) {
    String text =
        """
        [ Name = "%s"; VO = "%s"; Image = "https://images.example.org/x.qcow2";
          ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; %s ]
        """
            .formatted(
                name,
                vo,
                more.contains("Cpus")
                    ? more
                    : "Cpus = 2; MemoryMb = 4096; DiskMb = 20480; IdleSeconds = 60; " + more);
    switch (VocDefinition.parse(name, text)) {
      case VocDefinition.Reading.Valid valid -> definitions.add(valid.definition());
      case VocDefinition.Reading.Invalid invalid ->
          throw new IllegalArgumentException(
              invalid.problems().stream().map(Problem::message).toList().toString());
    }
    return this;
  }

  ASimulation jobs(int count, String vo, long atSecond, long seconds, int cpus) {
    return jobs(count, vo, vo + "-user", atSecond, seconds, cpus);
  }

  ASimulation jobs(int count, String vo, String user, long atSecond, long seconds, int cpus) {
    ImmutableMap<String, String> attributes =
        ImmutableMap.of(
            "VocVO",
            '"' + vo + '"',
            "RequestCpus",
            Integer.toString(cpus),
            "RequestMemory",
            "512",
            "RequestDisk",
            "1024",
            "Requirements",
            "TARGET.VocVO =?= MY.VocVO");
    if (saysLength) {
      attributes =
          ImmutableMap.<String, String>builder()
              .putAll(attributes)
              .put("VocRunSeconds", Long.toString(seconds))
              .buildOrThrow();
    }
    for (int i = 0; i < count; i++) {
      jobs.add(
          new TraceJob(
              Integer.toString(jobs.size() + 1),
              new VoName(vo),
              user,
              atSecond * 1000,
              seconds * 1000,
              attributes));
    }
    return this;
  }

  ASimulation hosts(String text) {
    hosts = text;
    return this;
  }

  ASimulation boot(long meanSeconds, long deviationSeconds) {
    boot = new Conditions.Boot(meanSeconds * 1000, deviationSeconds * 1000, boot.failures());
    return this;
  }

  ASimulation failures(double probability) {
    boot = new Conditions.Boot(boot.meanMs(), boot.deviationMs(), probability);
    return this;
  }

  ASimulation quotas(Map<String, Double> cpus, boolean surplus) {
    quotas = new Quotas(cpus, surplus);
    return this;
  }

  ASimulation seed(long value) {
    seed = value;
    return this;
  }

  ASimulation until(long seconds) {
    untilMs = seconds * 1000;
    return this;
  }

  Simulator.Result run() {
    return Simulator.run(
        "test",
        new Trace(
            jobs.stream().sorted(Comparator.comparingLong(TraceJob::submitMs)).toList(),
            List.of(),
            0,
            Map.of(),
            List.of(),
            0),
        List.of(new Simulator.Policy("only", definitions, SizingLimits.DEFAULT)),
        new Conditions(
            HostGroup.parse(hosts).groups(),
            boot,
            Conditions.Lags.MEASURED,
            TEST_POOL,
            quotas,
            seed,
            untilMs));
  }

  Report report() {
    return run().reports().getFirst();
  }

  static double ofVo(Report report, String vo, Metric metric) {
    return report.rows().stream()
        .filter(row -> row.vo().equals(vo))
        .findFirst()
        .orElseThrow()
        .value(metric);
  }

  static double all(Report report, Metric metric) {
    return ofVo(report, Report.ALL, metric);
  }
}
