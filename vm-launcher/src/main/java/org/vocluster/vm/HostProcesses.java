package org.vocluster.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What /proc tells everybody about processes.
 *
 * @param proc where it is mounted
 */
public record HostProcesses(Path proc) {
  private static final int MOST_ANCESTORS = 5;

  /** This host's. */
  public static HostProcesses system() {
    return new HostProcesses(Path.of("/proc"));
  }

  /**
   * A process, told apart from all others that have had its number since the host was booted.
   *
   * @param start in clock ticks after boot
   */
  public record Identity(long pid, long start) {}

  /** A line of {@code /proc/PID/stat}. */
  private record Stat(String name, long parent, Identity identity) {}

  private @Nullable Stat stat(String pid) {
    try {
      String line =
          new String(
              Files.readAllBytes(proc.resolve(pid).resolve("stat")), StandardCharsets.ISO_8859_1);
      int open = line.indexOf('(');
      int close = line.lastIndexOf(')');
      // After the name: state, parent, and as the twentieth the start time.
      int at = close + 2;
      String parent = "";
      for (int field = 0; field < 19; field++) {
        int end = line.indexOf(' ', at);
        if (field == 1) {
          parent = line.substring(at, end);
        }
        at = end + 1;
      }
      return new Stat(
          line.substring(open + 1, close),
          Long.parseLong(parent),
          new Identity(
              Long.parseLong(line.substring(0, open - 1)),
              Long.parseLong(line.substring(at, line.indexOf(' ', at)))));
    } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }

  /** Whether this very process lives. */
  public boolean lives(Identity process) {
    Stat stat = stat(Long.toString(process.pid()));
    return stat != null && stat.identity().equals(process);
  }

  /** The nearest ancestor of this process with that name, as {@code condor_starter}, or null. */
  public @Nullable Identity ancestor(String name) {
    Stat stat = stat("self");
    for (int i = 0; i < MOST_ANCESTORS && stat != null; i++) {
      stat = stat(Long.toString(stat.parent()));
      if (stat != null && stat.name().equals(name)) {
        return stat.identity();
      }
    }
    return null;
  }

  /** The names of the nodes whose QEMU runs, from its command line. */
  public Set<String> nodes() {
    Set<String> out = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        try {
          String words =
              new String(
                  Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1);
          int name = words.indexOf("\0" + QemuArguments.NAME);
          if (name >= 0 && words.contains("\0" + QemuArguments.signature())) {
            int start = name + 1 + QemuArguments.NAME.length();
            int end = words.indexOf('\0', start);
            out.add(words.substring(start, end < 0 ? words.length() : end));
          }
        } catch (IOException e) {
          // Ended between listing and reading.
        }
      }
    } catch (IOException e) {
      return out;
    }
    return out;
  }
}
