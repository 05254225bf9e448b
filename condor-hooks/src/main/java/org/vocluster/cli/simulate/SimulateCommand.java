package org.vocluster.cli.simulate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Table;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.simulation.Simulator;
import org.vocluster.simulation.report.Report;
import org.vocluster.simulation.report.ReportText;
import org.vocluster.simulation.trace.Trace;
import org.vocluster.simulation.trace.TraceFormat;
import org.vocluster.vm.os.Printable;

/** {@code voc simulate}: tries sizing policies on a recorded workload. */
public final class SimulateCommand implements Subcommand {
  @Override
  public String name() {
    return "simulate";
  }

  @Override
  public String operands() {
    return "--trace=FILE --definitions=PATH… --hosts=HOSTS …";
  }

  @Override
  public String summary() {
    return "try sizing policies on a recorded workload";
  }

  @Override
  public String help() {
    return """
        Runs the sizer's own decisions over the jobs of a trace, in virtual time and in
        a model of what HTCondor does with them, and says how long jobs wait, how well
        hosts and nodes are used and what is wasted. Needs no pool and changes nothing.

        The workload:
          --trace=FILE              jobs, plain or gzip
          --format=swf|history|queue
                                    Standard Workload Format; job ads as condor_history
                                    or condor_q print them with -long, -json or -xml.
                                    Found out if not given
          --user-vo=FILE            users and their VOs, as in VOC_USERS_MAP. In a
                                    Standard Workload Format trace a user is a number,
                                    group:N, queue:N or partition:N. Not needed where
                                    all definitions are of one VO or the ads have VocVO
          --job-memory=MB, --job-disk=MB, --job-seconds=SECONDS
                                    where the trace does not say: memory per processor
                                    (1024), disk (1024), run time (3600)
          --split-parallel          a job of N processors becomes N jobs of one

        The policy:
          --definitions=[LABEL=]PATH
                                    VOC definitions: a file, or a directory's *.ad. Once
                                    more for each policy that is to be compared
          --max-nodes=NUMBER, --max-removals=NUMBER, --boot-bound=SECONDS
                                    VOC_MAX_NODES, VOC_MAX_REMOVALS,
                                    VOC_NODE_BOOT_SECONDS

        The pool:
          --hosts=HOSTS             10x32cpu,128GB,2TB[,4gpu], several with semicolons
                                    between, or a file with one on each line
          --boot-seconds=MEAN[,DEVIATION]
                                    from a node job's start to the pool (40)
          --boot-failures=PERCENT   nodes that never join (0)
          --quotas=GROUP=CPUS,…     accounting groups' quotas (all equal)
          --no-surplus              groups may not exceed their quotas
          --negotiator-interval=SECONDS, --negotiator-delay=SECONDS,
          --schedd-min-interval=SECONDS
                                    NEGOTIATOR_INTERVAL (60), NEGOTIATOR_CYCLE_DELAY
                                    (20), SCHEDD_MIN_INTERVAL (5)

        The run:
          --until=SECONDS           end so long after the first submission
          --seed=NUMBER             of everything random (1)
          --csv=FILE, --svg=FILE    write the table, a plot over time

        What the model leaves out, and how to record a trace:
        /usr/share/doc/voc-common/simulate.md.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    SimulateOptions options = SimulateOptions.parse(operands);
    if (options.isEmpty()) {
      throw CliException.usage("simulate: no trace is named; see `voc simulate --help`");
    }
    Optional<Experiment> experiment = ExperimentReader.read(options);
    if (experiment.isEmpty()) {
      options.problems().forEach(terminal::complain);
      return ExitCode.USAGE;
    }
    return simulate(experiment.get(), terminal);
  }

  private static ExitCode simulate(Experiment experiment, Terminal terminal) throws CliException {
    Path file = experiment.workload().file();
    Trace trace = read(experiment.workload());
    sayWhatIsMissing(file, trace, terminal);
    if (trace.jobs().isEmpty()) {
      throw new CliException(
          ExitCode.PROBLEM,
          file
              + ": has no job to simulate; see above what became of its lines, or give --format or"
              + " --user-vo");
    }
    Path last = file.getFileName();
    Simulator.Result result =
        Simulator.run(
            "voc simulate: " + (last == null ? file : last),
            trace,
            experiment.policies(),
            experiment.conditions());
    say(file, trace, result, terminal);
    write(experiment.csv(), ReportText.csv(result.reports()));
    write(experiment.svg(), result.svg());
    return ExitCode.OK;
  }

  private static Trace read(Experiment.Workload workload) throws CliException {
    try {
      return TraceFormat.read(
          workload.file(), workload.format(), workload.users(), workload.defaults());
    } catch (IOException e) {
      throw CliException.failed(
          workload.file()
              + ": cannot be read: "
              + ExperimentReader.reason(e)
              + "; check that it exists and is whole");
    }
  }

  private static void sayWhatIsMissing(Path file, Trace trace, Terminal terminal) {
    trace.problems().forEach(terminal::complain);
    trace.notes().forEach(note -> terminal.complain(file + ": " + note));
    if (trace.bad() > trace.problems().size()) {
      terminal.complain(
          file
              + ": "
              + (trace.bad() - trace.problems().size())
              + " more records make no sense; they are left out like those above");
    }
    trace
        .leftOut()
        .forEach(
            (why, jobs) ->
                terminal.complain(file + ": " + jobs + " jobs " + why + "; they are left out"));
  }

  private static void say(Path file, Trace trace, Simulator.Result result, Terminal terminal) {
    terminal.say(
        file
            + ": "
            + trace.jobs().size()
            + " jobs"
            + (trace.bad() > 0 ? ", " + trace.bad() + " bad records left out" : ""));
    for (Report report : result.reports()) {
      terminal.say(
          report.policy()
              + ": "
              + String.format(Locale.ROOT, "%.2f", report.hours())
              + " hours from the first submission to the end");
      report
          .assumed()
          .forEach(
              (voc, attributes) ->
                  terminal.say(
                      "  assumed: nodes of VOC "
                          + voc
                          + " have what jobs ask for: "
                          + String.join(", ", attributes)
                          + " (NodeAttributes in its definition says what they have)"));
      for (Report.Unserved unserved : report.unserved()) {
        terminal.say(
            "  "
                + unserved.jobs()
                + " jobs get no node, as "
                + Printable.of(unserved.example())
                + ": "
                + unserved.why());
      }
    }
    terminal.say("");
    List<List<String>> lines = ReportText.table(result.reports());
    Table table = new Table(lines.getFirst().toArray(String[]::new));
    lines.subList(1, lines.size()).forEach(line -> table.row(line.toArray(String[]::new)));
    terminal.out().print(table);
  }

  private static void write(Optional<Path> file, String text) throws CliException {
    if (file.isPresent()) {
      try {
        Files.writeString(file.get(), text, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw CliException.failed(
            file.get()
                + ": cannot be written: "
                + ExperimentReader.reason(e)
                + "; name a place that can");
      }
    }
  }
}
