package org.vocluster.hook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of the size hook, {@code --name=value}.
 *
 * @param values by name, with defaults
 * @param problems all that is wrong with them
 */
record SizeArguments(Map<String, String> values, List<String> problems) {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "interval",
          "10",
          "bin",
          "/usr/bin",
          "sbin",
          "/usr/sbin",
          "voc-node",
          "/usr/libexec/voc/voc-node");
  private static final List<String> REQUIRED =
      List.of("job-queue-log", "definitions", "keys", "tokens", "log", "collector", "trust-domain");
  private static final List<String> OPTIONAL = List.of("uid-domain");
  private static final long MAX_INTERVAL = 3600;

  static SizeArguments parse(String[] args) {
    Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
    List<String> problems = new ArrayList<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String name = arg.startsWith("--") && equals > 2 ? arg.substring(2, equals) : "";
      if (!REQUIRED.contains(name) && !DEFAULTS.containsKey(name) && !OPTIONAL.contains(name)) {
        problems.add(
            "voc: size: unknown argument \""
                + arg
                + "\"; mend SCHEDD_CRON_VOC_SIZE_ARGS, its arguments have the form --name=value");
        continue;
      }
      values.put(name, arg.substring(equals + 1));
    }
    for (String name : REQUIRED) {
      if (values.getOrDefault(name, "").isEmpty()) {
        problems.add("voc: size: --" + name + " is missing; add it to SCHEDD_CRON_VOC_SIZE_ARGS");
      }
    }
    String interval = values.getOrDefault("interval", "");
    if (!interval.matches("[0-9]{1,4}")
        || Integer.parseInt(interval) < 1
        || Integer.parseInt(interval) > MAX_INTERVAL) {
      problems.add(
          "voc: size: --interval="
              + interval
              + " is no number of seconds from 1 to "
              + MAX_INTERVAL
              + "; set VOC_SIZE_INTERVAL");
    }
    return new SizeArguments(values, problems);
  }
}
