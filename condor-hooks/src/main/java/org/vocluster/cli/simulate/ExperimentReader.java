package org.vocluster.cli.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.vocluster.cli.simulate.SimulateOptions.Option;
import org.vocluster.simulation.Conditions;
import org.vocluster.simulation.HostGroup;
import org.vocluster.simulation.Quotas;
import org.vocluster.simulation.Simulator;
import org.vocluster.simulation.trace.TraceDefaults;
import org.vocluster.simulation.trace.TraceFormat;
import org.vocluster.simulation.trace.UserVos;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VoNames;
import org.vocluster.vm.definition.VoRealName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.os.Printable;

/**
 * Makes an experiment of the options of {@code voc simulate}, with the definitions, hosts and users
 * in the files that they name. Goes on after a problem, so that all are said at once.
 */
final class ExperimentReader {
  private final SimulateOptions options;

  private ExperimentReader(SimulateOptions options) {
    this.options = options;
  }

  /** Empty if there is any problem, which {@link SimulateOptions#problems} has then. */
  static Optional<Experiment> read(SimulateOptions options) {
    return new ExperimentReader(options).experiment();
  }

  private Optional<Experiment> experiment() {
    String trace = options.required(Option.TRACE);
    Optional<TraceFormat> format = format();
    List<Simulator.Policy> policies = policies();
    List<HostGroup> hosts = hosts();
    Conditions.Boot boot = boot();
    Quotas quotas = quotas();
    Conditions.Negotiator negotiator = negotiator();
    TraceDefaults defaults = defaults();
    long until =
        options.has(Option.UNTIL) ? options.millis(Option.UNTIL, 1, 1, 1e10) : Conditions.NO_END;
    long seed = (long) options.number(Option.SEED, 1, 0, 1e15);
    UserVos users = users(policies);
    if (!options.problems().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Experiment(
            new Experiment.Workload(Path.of(trace), format, users, defaults),
            policies,
            new Conditions(hosts, boot, Conditions.Lags.MEASURED, negotiator, quotas, seed, until),
            options.text(Option.CSV).map(Path::of),
            options.text(Option.SVG).map(Path::of)));
  }

  private Conditions.Negotiator negotiator() {
    return new Conditions.Negotiator(
        options.millis(Option.NEGOTIATOR_INTERVAL, 60, 1, 86_400),
        options.millis(Option.NEGOTIATOR_DELAY, 20, 0, 86_400),
        options.millis(Option.SCHEDD_INTERVAL, 5, 0, 86_400));
  }

  private TraceDefaults defaults() {
    TraceDefaults standard = TraceDefaults.STANDARD;
    return new TraceDefaults(
        (long) options.number(Option.JOB_MEMORY, (double) standard.memoryMb(), 1, 1e7),
        (long) options.number(Option.JOB_DISK, (double) standard.diskMb(), 1, 1e8),
        (long) options.number(Option.JOB_SECONDS, (double) standard.runSeconds(), 1, 1e8),
        options.has(Option.SPLIT));
  }

  private Optional<TraceFormat> format() {
    Optional<String> text = options.text(Option.FORMAT);
    Optional<TraceFormat> format = text.flatMap(TraceFormat::of);
    if (text.isPresent() && format.isEmpty()) {
      options.problem(
          Option.FORMAT,
          "\"" + Printable.of(text.get()) + "\" is no form of trace",
          "write swf, history or queue, or leave it out");
    }
    return format;
  }

  private List<HostGroup> hosts() {
    String text = options.required(Option.HOSTS);
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
      options.problem(Option.HOSTS, "cannot be read: " + e, "check that the file exists");
      return List.of();
    }
    HostGroup.Reading reading = HostGroup.parse(text);
    reading.problems().forEach(fault -> options.problem(Option.HOSTS, fault));
    return reading.groups();
  }

  private Conditions.Boot boot() {
    String text = options.text(Option.BOOT_SECONDS).orElse("40");
    String[] parts = text.split(",", -1);
    Double mean = SimulateOptions.number(parts[0].strip());
    Double deviation =
        parts.length > 1 ? SimulateOptions.number(parts[1].strip()) : Double.valueOf(0);
    if (parts.length > 2
        || mean == null
        || deviation == null
        || mean < 0.001
        || mean > 86_400
        || deviation > 86_400) {
      options.problem(
          Option.BOOT_SECONDS,
          "\"" + Printable.of(text) + "\" is no time of a boot",
          "write --boot-seconds=MEAN or --boot-seconds=MEAN,DEVIATION");
      mean = 1.0;
      deviation = 0.0;
    }
    double failures = options.number(Option.BOOT_FAILURES, 0, 0, 100) / 100;
    return new Conditions.Boot(Math.round(mean * 1000), Math.round(deviation * 1000), failures);
  }

  private Quotas quotas() {
    Map<String, Double> cpus = new TreeMap<>();
    for (String one : options.text(Option.QUOTAS).orElse("").split(",", -1)) {
      int equals = one.indexOf('=');
      Double quota = equals < 1 ? null : SimulateOptions.number(one.substring(equals + 1).strip());
      if (quota != null) {
        cpus.put(one.substring(0, equals).strip(), quota);
      } else if (!one.isBlank()) {
        options.problem(
            Option.QUOTAS,
            "\"" + Printable.of(one) + "\" is no quota",
            "write --quotas=group_voc.cms=64,group_voc.atlas=32");
      }
    }
    return new Quotas(cpus, !options.has(Option.NO_SURPLUS));
  }

  private List<Simulator.Policy> policies() {
    List<String> texts = options.all(Option.DEFINITIONS);
    if (texts.isEmpty()) {
      options.problem(
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
      String label = equals > 0 ? text.substring(0, equals) : last == null ? text : last.toString();
      if (!labels.add(label)) {
        options.problem(
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
            (int)
                options.number(
                    Option.MAX_NODES, standard.maxNodes(), 0, VocDefinition.UNLIMITED_NODES))
        .withMaxRemovals((int) options.number(Option.MAX_REMOVALS, standard.maxRemovals(), 0, 1e6))
        .withBootWithin(
            Duration.ofSeconds(
                (long)
                    options.number(
                        Option.BOOT_BOUND, (double) standard.bootWithin().toSeconds(), 1, 86_400)));
  }

  private List<VocDefinition> definitions(Path path) {
    List<Path> files = new ArrayList<>();
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries
              .filter(file -> file.toString().endsWith(Definitions.SUFFIX))
              .sorted()
              .forEach(files::add);
        }
      } else {
        files.add(path);
      }
    } catch (IOException e) {
      options.problem(
          Option.DEFINITIONS, path + " cannot be read (" + e + ")", "check its permissions");
    }
    if (files.isEmpty()) {
      options.problem(Option.DEFINITIONS, path + " has no *.ad file", "name one that has");
    }
    List<VocDefinition> definitions = new ArrayList<>();
    Map<String, Path> names = new TreeMap<>();
    for (Path file : files) {
      switch (VocDefinition.read(file)) {
        case VocDefinition.Reading.Invalid invalid ->
            invalid.problems().forEach(problem -> options.problemOfFile(problem.message()));
        case VocDefinition.Reading.Valid valid -> {
          definitions.add(valid.definition());
          Path other = names.put(valid.definition().name().value(), file);
          if (other != null) {
            options.problemOfFile(
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
    Optional<String> file = options.text(Option.USER_VO);
    if (file.isEmpty()) {
      Set<VoName> vos = new TreeSet<>();
      policies.forEach(p -> p.definitions().forEach(d -> vos.add(d.vo())));
      return vos.size() == 1 ? UserVos.all(vos.iterator().next()) : UserVos.none(names(policies));
    }
    try {
      UserVos.Reading reading =
          UserVos.parse(file.get(), Files.readAllLines(Path.of(file.get())), names(policies));
      reading.problems().forEach(options::problemOfFile);
      return reading.map();
    } catch (IOException e) {
      options.problem(
          Option.USER_VO,
          "cannot be read: " + reason(e),
          "check that the file exists and may be read");
      return UserVos.none();
    }
  }

  /** The VOs' two names, where a definition has both. */
  private static VoNames names(List<Simulator.Policy> policies) {
    Map<VoRealName, VoName> names = new HashMap<>();
    policies.forEach(
        policy ->
            policy
                .definitions()
                .forEach(d -> d.voRealName().ifPresent(real -> names.put(real, d.vo()))));
    return new VoNames(names);
  }

  /** Why a file cannot be read or written, in words. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
  }
}
