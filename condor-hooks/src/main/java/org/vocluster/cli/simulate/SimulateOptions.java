package org.vocluster.cli.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.os.Printable;

/**
 * The options of {@code voc simulate} as they were given, and every problem with them. {@link
 * ExperimentReader} makes sense of their values.
 */
final class SimulateOptions {
  /** The options, each with its value's form. */
  enum Option {
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

  private final Map<Option, List<String>> given = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private SimulateOptions() {}

  static SimulateOptions parse(List<String> operands) {
    SimulateOptions options = new SimulateOptions();
    for (int i = 0; i < operands.size(); i++) {
      String operand = operands.get(i);
      int equals = operand.indexOf('=');
      String name = operand.substring(0, equals < 0 ? operand.length() : equals);
      Option option = name.startsWith("--") ? Option.of(name.substring(2)) : null;
      if (option == null) {
        options.problem(
            Printable.of(operand) + ": is no option of it; `voc simulate --help` lists them");
        continue;
      }
      String value;
      if (option.isFlag()) {
        if (equals >= 0) {
          options.problem(name + ": takes no value; write " + name);
        }
        value = "";
      } else if (equals >= 0) {
        value = operand.substring(equals + 1);
      } else if (i + 1 < operands.size() && !operands.get(i + 1).startsWith("--")) {
        value = operands.get(++i);
      } else {
        options.problem(name + ": has no value; write " + name + "=" + option.value);
        continue;
      }
      List<String> values = options.given.computeIfAbsent(option, o -> new ArrayList<>());
      if (!values.isEmpty() && option != Option.DEFINITIONS) {
        options.problem(name + ": is given twice; remove one");
      }
      values.add(value);
    }
    return options;
  }

  /** Whether there are none, not even wrong ones. */
  boolean isEmpty() {
    return given.isEmpty() && problems.isEmpty();
  }

  /** All that is wrong with them, for people. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  void problem(Option option, String fault, String remedy) {
    problem(option, fault + "; " + remedy);
  }

  void problem(Option option, String faultAndRemedy) {
    problem("--" + option.text + ": " + faultAndRemedy);
  }

  private void problem(String text) {
    problems.add("simulate: " + text);
  }

  /** A problem with a file that an option names, as a whole message. */
  void problemOfFile(String message) {
    problems.add(message);
  }

  boolean has(Option option) {
    return given.containsKey(option);
  }

  /** What was given for an option; several only where it may be given more than once. */
  List<String> all(Option option) {
    return given.getOrDefault(option, List.of());
  }

  Optional<String> text(Option option) {
    return Optional.ofNullable(given.get(option)).map(List::getFirst);
  }

  /** Empty, with a problem, if the option is missing. */
  String required(Option option) {
    Optional<String> value = text(option).filter(text -> !text.isEmpty());
    if (value.isEmpty()) {
      problem(option, "is missing", "add --" + option.text + "=" + option.value);
    }
    return value.orElse("");
  }

  /** A number within bounds; {@code otherwise} if it is not given, or not so. */
  double number(Option option, double otherwise, double least, double most) {
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

  /** The same in seconds, as milliseconds. */
  long millis(Option option, double otherwise, double least, double most) {
    return Math.round(number(option, otherwise, least, most) * 1000);
  }

  private static String plain(double number) {
    return String.format(Locale.ROOT, "%.0f", number);
  }

  /** Null for what people would not call a number. */
  static @Nullable Double number(String text) {
    try {
      // Java reads 1d, 0x1p3 and NaN too, which nobody means.
      return text.matches("[0-9]+(\\.[0-9]*)?") ? Double.valueOf(text) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
