package org.vocluster.hook;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.os.Printable;

/**
 * A hook's arguments: {@code --name=value} words from HTCondor's configuration, and what HTCondor
 * adds.
 */
final class HookArguments {
  private final Map<String, String> options;
  private final List<String> words;

  private HookArguments(Map<String, String> options, List<String> words) {
    this.options = options;
    this.words = words;
  }

  /**
   * Sorts the arguments.
   *
   * @param known the options' names, without hyphens
   * @throws BadArgumentException for an unknown, doubled or malformed option
   */
  static HookArguments parse(List<String> arguments, List<String> known)
      throws BadArgumentException {
    Map<String, String> options = new HashMap<>();
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      if (!argument.startsWith("--")) {
        words.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = argument.substring(2, equals < 0 ? argument.length() : equals);
      if (!known.contains(name)) {
        throw new BadArgumentException(
            "argument "
                + Printable.of(argument)
                + " is not known; known are --"
                + String.join(", --", known));
      }
      if (equals < 0) {
        throw new BadArgumentException(
            "argument --" + name + " has no value; write --" + name + "=VALUE");
      }
      if (options.put(name, argument.substring(equals + 1)) != null) {
        throw new BadArgumentException("argument --" + name + " is given twice; remove one");
      }
    }
    return new HookArguments(options, words);
  }

  /**
   * The same for a hook to which HTCondor adds no words of its own. HTCondor splits the arguments
   * at each blank, also at those of a knob's value, as in the list {@code cm1, cm2}: a word that is
   * no option belongs to the option before it.
   */
  static HookArguments parseOptions(List<String> arguments, List<String> known)
      throws BadArgumentException {
    List<String> whole = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith("--") || whole.isEmpty()) {
        whole.add(argument);
      } else {
        whole.add(whole.removeLast() + " " + argument);
      }
    }
    HookArguments given = parse(whole, known);
    if (!given.words.isEmpty()) {
      throw new BadArgumentException(
          "argument " + Printable.of(given.words.getFirst()) + " is not of the form --name=value");
    }
    return given;
  }

  /** The option {@code --accelerator}; automatic without it. */
  AcceleratorMode accelerator() throws BadArgumentException {
    AcceleratorMode mode = AcceleratorMode.of(optional("accelerator", "auto"));
    if (mode == null) {
      throw new BadArgumentException("argument --accelerator is not auto, kvm or tcg");
    }
    return mode;
  }

  /** The arguments that are no options. */
  List<String> words() {
    return words;
  }

  String required(String name) throws BadArgumentException {
    String value = options.get(name);
    if (value == null || value.isEmpty()) {
      throw new BadArgumentException(
          "argument --" + name + " is missing or empty; set it in the hook's configuration");
    }
    return value;
  }

  String optional(String name, String ifAbsent) {
    String value = options.get(name);
    return value == null || value.isEmpty() ? ifAbsent : value;
  }

  Path requiredPath(String name) throws BadArgumentException {
    return absolute(name, required(name));
  }

  @Nullable Path optionalPath(String name) throws BadArgumentException {
    String value = optional(name, "");
    return value.isEmpty() ? null : absolute(name, value);
  }

  private static Path absolute(String name, String value) throws BadArgumentException {
    if (!value.startsWith("/") || value.indexOf('\0') >= 0) {
      throw new BadArgumentException(
          "argument --" + name + "=" + Printable.of(value) + " is not an absolute path");
    }
    return Path.of(value);
  }

  /** A boolean of HTCondor's configuration; false if it is absent. */
  boolean flag(String name) throws BadArgumentException {
    String value = optional(name, "false");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "1" -> true;
      case "false", "f", "no", "0" -> false;
      default ->
          throw new BadArgumentException(
              "argument --" + name + "=" + Printable.of(value) + " is neither True nor False");
    };
  }

  int number(String name, int ifAbsent, int min, int max) throws BadArgumentException {
    String value = optional(name, Integer.toString(ifAbsent));
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same message as a number out of range.
    }
    throw new BadArgumentException(
        "argument --"
            + name
            + "="
            + Printable.of(value)
            + " is not a number from "
            + min
            + " to "
            + max);
  }

  /** An argument of the hook that its configuration has wrong. */
  static final class BadArgumentException extends Exception {
    private static final long serialVersionUID = 1L;

    BadArgumentException(String message) {
      super(message);
    }
  }
}
