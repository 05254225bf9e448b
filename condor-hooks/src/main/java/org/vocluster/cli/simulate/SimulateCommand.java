package org.vocluster.cli.simulate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Table;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.simulation.Conditions;
import org.vocluster.simulation.HostGroup;
import org.vocluster.simulation.Quotas;
import org.vocluster.simulation.Simulator;
import org.vocluster.simulation.report.Report;
import org.vocluster.simulation.report.ReportText;
import org.vocluster.simulation.trace.Trace;
import org.vocluster.simulation.trace.TraceDefaults;
import org.vocluster.simulation.trace.TraceFormat;
import org.vocluster.simulation.trace.UserVos;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.os.Printable;

/** {@code voc simulate}: tries sizing policies on a recorded workload. */
public final class SimulateCommand implements Subcommand {
  private static final String DEFINITION_SUFFIX = ".ad";

  /** The options, each with its value's form. */
  private enum Option {
    TRACE("trace", "FILE"),
    FORMAT("format", "swf|history|queue"),
    DEFINITIONS("definitions", "[LABEL=]PATH"),
    MAX_NODES("max-nodes", "NUMBER"),
    MAX_REMOVALS("max-removals", "NUMBER"),
    BOOT_BOUND("boot-bound", "SECONDS"),
    HOSTS("hosts", "HOSTS"),
    BOOT_SECONDS("boot-seconds", "MEAN[,DEVIATION]"),
    BOOT_FAILURES("boot-failures", "PERCENT"),
    USER_VO("user-vo", "FILE"),
    QUOTAS("quotas", "GROUP=CPUS,…"),
    NO_SURPLUS("no-surplus", ""),
    NEGOTIATOR_INTERVAL("negotiator-interval", "SECONDS"),
    NEGOTIATOR_DELAY("negotiator-delay", "SECONDS"),
    SCHEDD_INTERVAL("schedd-min-interval", "SECONDS"),
    JOB_MEMORY("job-memory", "MB"),
    JOB_DISK("job-disk", "MB"),
    JOB_SECONDS("job-seconds", "SECONDS"),
    SPLIT("split-parallel", ""),
    UNTIL("until", "SECONDS"),
    SEED("seed", "NUMBER"),
    CSV("csv", "FILE"),
    SVG("svg", "FILE");

    private final String text;
    private final String value;

    Option(String text, String value) {
      this.text = text;
      this.value = value;
    }

    private static @Nullable Option of(String text) {
      for (Option option : values()) {
        if (option.text.equals(text)) {
          return option;
        }
      }
      return null;
    }

    private boolean isFlag() {
      return value.isEmpty();
    }
  }

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
                                    -long or condor_q -long print them. Found out if
                                    not given
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
    List<String> problems = new ArrayList<>();
    Map<Option, List<String>> given = parse(operands, problems);
    if (given.isEmpty() && problems.isEmpty()) {
      throw CliException.usage("simulate: no trace is named; see `voc simulate --help`");
    }
    Asked asked = new Asked(given, problems);
    Plan plan = asked.plan();
    if (plan == null) {
      problems.forEach(terminal::complain);
      return ExitCode.USAGE;
    }
    return simulate(plan, terminal);
  }

  private static Map<Option, List<String>> parse(List<String> operands, List<String> problems) {
    Map<Option, List<String>> given = new LinkedHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      String operand = operands.get(i);
      int equals = operand.indexOf('=');
      String name = operand.substring(0, equals < 0 ? operand.length() : equals);
      Option option = name.startsWith("--") ? Option.of(name.substring(2)) : null;
      if (option == null) {
        problems.add(
            "simulate: "
                + Printable.of(operand)
                + ": is no option of it; `voc simulate --help` lists them");
        continue;
      }
      String value;
      if (option.isFlag()) {
        if (equals >= 0) {
          problems.add("simulate: " + name + ": takes no value; write " + name);
        }
        value = "";
      } else if (equals >= 0) {
        value = operand.substring(equals + 1);
      } else if (i + 1 < operands.size() && !operands.get(i + 1).startsWith("--")) {
        value = operands.get(++i);
      } else {
        problems.add("simulate: " + name + ": has no value; write " + name + "=" + option.value);
        continue;
      }
      List<String> values = given.computeIfAbsent(option, o -> new ArrayList<>());
      if (!values.isEmpty() && option != Option.DEFINITIONS) {
        problems.add("simulate: " + name + ": is given twice; remove one");
      }
      values.add(value);
    }
    return given;
  }

  /** All that is needed for a simulation. */
  private record Plan(
      Path trace,
      Optional<TraceFormat> format,
      UserVos users,
      TraceDefaults defaults,
      List<Simulator.Policy> policies,
      Conditions conditions,
      Optional<Path> csv,
      Optional<Path> svg) {}

  /** Makes sense of the options; keeps every problem. */
  private static final class Asked {
    private final Map<Option, List<String>> given;
    private final List<String> problems;

    Asked(Map<Option, List<String>> given, List<String> problems) {
      this.given = given;
      this.problems = problems;
    }

    /** Null if there is any problem. */
    @Nullable Plan plan() {
      String trace = required(Option.TRACE);
      Optional<TraceFormat> format = format();
      List<Simulator.Policy> policies = policies();
      List<HostGroup> hosts = hosts();
      Conditions.Boot boot = boot();
      double failures = number(Option.BOOT_FAILURES, 0, 0, 100) / 100;
      Quotas quotas = quotas();
      Conditions.Negotiator negotiator =
          new Conditions.Negotiator(
              millis(Option.NEGOTIATOR_INTERVAL, 60, 1, 86_400),
              millis(Option.NEGOTIATOR_DELAY, 20, 0, 86_400),
              millis(Option.SCHEDD_INTERVAL, 5, 0, 86_400));
      TraceDefaults standard = TraceDefaults.STANDARD;
      TraceDefaults defaults =
          new TraceDefaults(
              (long) number(Option.JOB_MEMORY, (double) standard.memoryMb(), 1, 1e7),
              (long) number(Option.JOB_DISK, (double) standard.diskMb(), 1, 1e8),
              (long) number(Option.JOB_SECONDS, (double) standard.runSeconds(), 1, 1e8),
              given.containsKey(Option.SPLIT));
      long until =
          given.containsKey(Option.UNTIL) ? millis(Option.UNTIL, 1, 1, 1e10) : Conditions.NO_END;
      long seed = (long) number(Option.SEED, 1, 0, 1e15);
      UserVos users = users(policies);
      if (!problems.isEmpty()) {
        return null;
      }
      return new Plan(
          Path.of(trace),
          format,
          users,
          defaults,
          policies,
          new Conditions(
              hosts, boot, failures, Conditions.Lags.MEASURED, negotiator, quotas, seed, until),
          text(Option.CSV).map(Path::of),
          text(Option.SVG).map(Path::of));
    }

    private void problem(Option option, String fault, String remedy) {
      problems.add("simulate: --" + option.text + ": " + fault + "; " + remedy);
    }

    private Optional<String> text(Option option) {
      return Optional.ofNullable(given.get(option)).map(List::getFirst);
    }

    private String required(Option option) {
      Optional<String> value = text(option).filter(text -> !text.isEmpty());
      if (value.isEmpty()) {
        problem(option, "is missing", "add --" + option.text + "=" + option.value);
      }
      return value.orElse("");
    }

    private double number(Option option, double otherwise, double least, double most) {
      Optional<String> value = text(option);
      if (value.isEmpty()) {
        return otherwise;
      }
      Double number = number(value.get());
      if (number == null || number < least || number > most) {
        problem(
            option,
            "\""
                + Printable.of(value.get())
                + "\" is no number from "
                + plain(least)
                + " to "
                + plain(most),
            "write --" + option.text + "=" + option.value);
        return otherwise;
      }
      return number;
    }

    private long millis(Option option, double otherwise, double least, double most) {
      return Math.round(number(option, otherwise, least, most) * 1000);
    }

    private static String plain(double number) {
      return String.format(Locale.ROOT, "%.0f", number);
    }

    private static @Nullable Double number(String text) {
      try {
        // Java reads 1d, 0x1p3 and NaN too, which nobody means.
        return text.matches("[0-9]+(\\.[0-9]*)?") ? Double.valueOf(text) : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }

    private Optional<TraceFormat> format() {
      Optional<String> text = text(Option.FORMAT);
      Optional<TraceFormat> format = text.flatMap(TraceFormat::of);
      if (text.isPresent() && format.isEmpty()) {
        problem(
            Option.FORMAT,
            "\"" + Printable.of(text.get()) + "\" is no form of trace",
            "write swf, history or queue, or leave it out");
      }
      return format;
    }

    private List<HostGroup> hosts() {
      String text = required(Option.HOSTS);
      if (text.isEmpty()) {
        return List.of();
      }
      try {
        Path file = Path.of(text);
        if (Files.isRegularFile(file)) {
          List<String> lines =
              Files.readAllLines(file).stream().map(line -> line.replaceFirst("#.*", "")).toList();
          text = String.join(";", lines);
        }
      } catch (IOException | InvalidPathException e) {
        problem(Option.HOSTS, "cannot be read: " + e, "check that the file exists");
        return List.of();
      }
      HostGroup.Reading reading = HostGroup.parse(text);
      for (String fault : reading.problems()) {
        problems.add("simulate: --" + Option.HOSTS.text + ": " + fault);
      }
      return reading.groups();
    }

    private Conditions.Boot boot() {
      String text = text(Option.BOOT_SECONDS).orElse("40");
      String[] parts = text.split(",", -1);
      Double mean = number(parts[0].strip());
      Double deviation = parts.length > 1 ? number(parts[1].strip()) : Double.valueOf(0);
      if (parts.length > 2
          || mean == null
          || deviation == null
          || mean < 0.001
          || mean > 86_400
          || deviation > 86_400) {
        problem(
            Option.BOOT_SECONDS,
            "\"" + Printable.of(text) + "\" is no time of a boot",
            "write --boot-seconds=MEAN or --boot-seconds=MEAN,DEVIATION");
        return new Conditions.Boot(1, 0);
      }
      return new Conditions.Boot(Math.round(mean * 1000), Math.round(deviation * 1000));
    }

    private Quotas quotas() {
      Map<String, Double> cpus = new TreeMap<>();
      for (String one : text(Option.QUOTAS).orElse("").split(",", -1)) {
        int equals = one.indexOf('=');
        Double quota = equals < 1 ? null : number(one.substring(equals + 1).strip());
        if (quota != null) {
          cpus.put(one.substring(0, equals).strip(), quota);
        } else if (!one.isBlank()) {
          problem(
              Option.QUOTAS,
              "\"" + Printable.of(one) + "\" is no quota",
              "write --quotas=group_voc.cms=64,group_voc.atlas=32");
        }
      }
      return new Quotas(cpus, !given.containsKey(Option.NO_SURPLUS));
    }

    private List<Simulator.Policy> policies() {
      List<String> texts = given.getOrDefault(Option.DEFINITIONS, List.of());
      if (texts.isEmpty()) {
        problem(
            Option.DEFINITIONS,
            "is missing",
            "add --definitions=PATH with a VOC definition or a directory of such");
      }
      SizingLimits limits = limits();
      List<Simulator.Policy> policies = new ArrayList<>();
      Set<String> labels = new HashSet<>();
      for (String text : texts) {
        int sign = text.indexOf('=');
        int equals = text.indexOf('/') < sign && text.indexOf('/') >= 0 ? -1 : sign;
        Path path = Path.of(text.substring(equals + 1));
        Path last = path.getFileName();
        String label =
            equals > 0 ? text.substring(0, equals) : last == null ? text : last.toString();
        if (!labels.add(label)) {
          problem(
              Option.DEFINITIONS,
              "two policies are called " + Printable.of(label),
              "write --definitions=LABEL=PATH");
        }
        policies.add(new Simulator.Policy(label, definitions(path), limits));
      }
      return policies;
    }

    private SizingLimits limits() {
      SizingLimits standard = SizingLimits.DEFAULT;
      return standard
          .withMaxNodes(
              (int) number(Option.MAX_NODES, standard.maxNodes(), 0, VocDefinition.UNLIMITED_NODES))
          .withMaxRemovals((int) number(Option.MAX_REMOVALS, standard.maxRemovals(), 0, 1e6))
          .withBootWithin(
              Duration.ofSeconds(
                  (long)
                      number(
                          Option.BOOT_BOUND,
                          (double) standard.bootWithin().toSeconds(),
                          1,
                          86_400)));
    }

    private List<VocDefinition> definitions(Path path) {
      List<Path> files = new ArrayList<>();
      try {
        if (Files.isDirectory(path)) {
          try (Stream<Path> entries = Files.list(path)) {
            entries
                .filter(file -> file.toString().endsWith(DEFINITION_SUFFIX))
                .sorted()
                .forEach(files::add);
          }
        } else {
          files.add(path);
        }
      } catch (IOException e) {
        problem(Option.DEFINITIONS, path + " cannot be read (" + e + ")", "check its permissions");
      }
      if (files.isEmpty()) {
        problem(Option.DEFINITIONS, path + " has no *.ad file", "name one that has");
      }
      List<VocDefinition> definitions = new ArrayList<>();
      Map<String, Path> names = new TreeMap<>();
      for (Path file : files) {
        switch (VocDefinition.read(file)) {
          case VocDefinition.Reading.Invalid invalid ->
              invalid.problems().forEach(problem -> problems.add(problem.message()));
          case VocDefinition.Reading.Valid valid -> {
            definitions.add(valid.definition());
            Path other = names.put(valid.definition().name().value(), file);
            if (other != null) {
              problems.add(
                  file
                      + ": its name "
                      + valid.definition().name()
                      + " is that of "
                      + other
                      + " too; rename one of them");
            }
          }
        }
      }
      return definitions;
    }

    /** Without a map everybody is in the definitions' VO, if that is one. */
    private UserVos users(List<Simulator.Policy> policies) {
      Optional<String> file = text(Option.USER_VO);
      if (file.isEmpty()) {
        Set<String> vos = new TreeSet<>();
        policies.forEach(p -> p.definitions().forEach(d -> vos.add(d.vo().value())));
        return vos.size() == 1 ? UserVos.all(vos.iterator().next()) : UserVos.none();
      }
      try {
        UserVos.Reading reading =
            UserVos.parse(file.get(), Files.readAllLines(Path.of(file.get())));
        problems.addAll(reading.problems());
        return reading.map();
      } catch (IOException e) {
        problem(
            Option.USER_VO,
            "cannot be read: " + reason(e),
            "check that the file exists and may be read");
        return UserVos.none();
      }
    }
  }

  private static ExitCode simulate(Plan plan, Terminal terminal) throws CliException {
    Trace trace;
    try {
      trace = TraceFormat.read(plan.trace, plan.format, plan.users, plan.defaults);
    } catch (IOException e) {
      throw CliException.failed(
          plan.trace + ": cannot be read: " + reason(e) + "; check that it exists and is whole");
    }
    sayWhatIsMissing(plan, trace, terminal);
    if (trace.jobs().isEmpty()) {
      throw new CliException(
          ExitCode.PROBLEM,
          plan.trace
              + ": has no job to simulate; see above what became of its lines, or give --format or"
              + " --user-vo");
    }
    Path last = plan.trace.getFileName();
    Simulator.Result result =
        Simulator.run(
            "voc simulate: " + (last == null ? plan.trace : last),
            trace,
            plan.policies,
            plan.conditions);
    say(plan, trace, result, terminal);
    write(plan.csv, ReportText.csv(result.reports()));
    write(plan.svg, result.svg());
    return ExitCode.OK;
  }

  private static void sayWhatIsMissing(Plan plan, Trace trace, Terminal terminal) {
    trace.problems().forEach(terminal::complain);
    if (trace.bad() > trace.problems().size()) {
      terminal.complain(
          plan.trace
              + ": "
              + (trace.bad() - trace.problems().size())
              + " more records make no sense; they are left out like those above");
    }
    trace
        .leftOut()
        .forEach(
            (why, jobs) ->
                terminal.complain(
                    plan.trace + ": " + jobs + " jobs " + why + "; they are left out"));
  }

  private static void say(Plan plan, Trace trace, Simulator.Result result, Terminal terminal) {
    terminal.say(
        plan.trace
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
            file.get() + ": cannot be written: " + reason(e) + "; name a place that can");
      }
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file" : e.toString();
  }
}
