package org.vocluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.os.Printable;

/**
 * Hosts alike of the physical pool.
 *
 * @param count how many
 * @param cpus processors of each
 * @param memoryMb memory of each in MiB
 * @param diskKb disk of each in KiB
 * @param gpus GPUs of each
 */
public record HostGroup(int count, int cpus, long memoryMb, long diskKb, int gpus) {
  /** What {@link #parse} reads, for messages. */
  public static final String FORM = "COUNTxCPUScpu,MEMORYGB,DISKGB[,GPUSgpu]";

  private static final Pattern FIRST = Pattern.compile("(?:(\\d{1,6})x)?(\\d{1,4})cpus?");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,7})(mb|gb|tb)");
  private static final Pattern GPUS = Pattern.compile("(\\d{1,3})gpus?");
  private static final int MOST_HOSTS = 100_000;

  /** What a text came to; all problems at once, each the end of a sentence about its group. */
  public record Reading(List<HostGroup> groups, List<String> problems) {}

  /** Reads groups of hosts such as {@code 10x32cpu,128GB,2TB}, with semicolons between. */
  public static Reading parse(String text) {
    List<HostGroup> groups = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String one : text.split(";", -1)) {
      if (one.isBlank()) {
        continue;
      }
      HostGroup group = group(one.toLowerCase(Locale.ROOT).split(",", -1));
      if (group == null) {
        problems.add("\"" + Printable.of(one.strip()) + "\" is no group of hosts; write " + FORM);
      } else {
        groups.add(group);
      }
    }
    if (groups.isEmpty() && problems.isEmpty()) {
      problems.add("there is no host; write " + FORM);
    }
    if (groups.stream().mapToInt(HostGroup::count).sum() > MOST_HOSTS) {
      problems.add("there are more than " + MOST_HOSTS + " hosts; give fewer");
    }
    return new Reading(groups, problems);
  }

  private static @Nullable HostGroup group(String[] parts) {
    if (parts.length < 3 || parts.length > 4) {
      return null;
    }
    Matcher first = FIRST.matcher(parts[0].strip());
    Matcher gpus = GPUS.matcher(parts.length == 4 ? parts[3].strip() : "0gpu");
    long memoryMb = megabytes(parts[1].strip());
    long diskMb = megabytes(parts[2].strip());
    if (!first.matches() || !gpus.matches() || memoryMb <= 0 || diskMb <= 0) {
      return null;
    }
    int count = first.group(1) == null ? 1 : Integer.parseInt(first.group(1));
    int cpus = Integer.parseInt(first.group(2));
    return count < 1 || cpus < 1
        ? null
        : new HostGroup(count, cpus, memoryMb, diskMb * 1024, Integer.parseInt(gpus.group(1)));
  }

  private static long megabytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return -1;
    }
    long amount = Long.parseLong(size.group(1));
    return switch (size.group(2)) {
      case "tb" -> amount * 1024 * 1024;
      case "gb" -> amount * 1024;
      default -> amount;
    };
  }
}
