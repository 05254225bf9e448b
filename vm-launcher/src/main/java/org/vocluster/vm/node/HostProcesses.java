package org.vocluster.vm.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What /proc tells everybody about processes.
 *
 * @param proc where it is mounted
 */
public record HostProcesses(Path proc) {
  private static final int MOST_ANCESTORS = 5;
  private static final String STARTER = "condor_starter";

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
    return ancestor("self", name);
  }

  private @Nullable Identity ancestor(String pid, String name) {
    Stat stat = stat(pid);
    for (int i = 0; i < MOST_ANCESTORS && stat != null; i++) {
      stat = stat(Long.toString(stat.parent()));
      if (stat != null && stat.name().equals(name)) {
        return stat.identity();
      }
    }
    return null;
  }

  /** The numbers of all processes. */
  public List<Long> pids() {
    List<Long> out = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        out.add(Long.parseLong(String.valueOf(process.getFileName())));
      }
    } catch (IOException e) {
      return out;
    }
    return out;
  }

  /** The process that has this number now, if there is one. */
  public Optional<Identity> process(long pid) {
    Stat stat = stat(Long.toString(pid));
    return stat == null ? Optional.empty() : Optional.of(stat.identity());
  }

  /** The arguments, each with a null character after it; empty for a process that has ended. */
  public String commandLine(long pid) {
    try {
      return new String(
          Files.readAllBytes(proc.resolve(Long.toString(pid)).resolve("cmdline")),
          StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether a condor_starter is above this very process. */
  public boolean hasStarter(Identity process) {
    return lives(process) && ancestor(Long.toString(process.pid()), STARTER) != null;
  }

  /**
   * Whether a scratch directory is a condor_starter's that is no more. HTCondor names it after the
   * starter, and newer ones have the job's own directory below that (STARTER_NESTED_SCRATCH).
   */
  public boolean hasLostStarter(Path scratch) {
    long starter = ScratchName.starter(scratch);
    @Nullable Path above = scratch.getParent();
    if (starter == 0 && above != null) {
      starter = ScratchName.starter(above);
    }
    return starter != 0 && !isStarter(starter);
  }

  /** Whether the process of that number is a condor_starter. */
  public boolean isStarter(long pid) {
    Stat stat = stat(Long.toString(pid));
    return stat != null && stat.name().equals(STARTER);
  }

  /** Whether any process has that name. */
  public boolean anyIs(String name) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        Stat stat = stat(String.valueOf(process.getFileName()));
        if (stat != null && stat.name().equals(name)) {
          return true;
        }
      }
    } catch (IOException e) {
      // Unknown: better that there is one.
      return true;
    }
    return false;
  }

  /** Files directly in a directory that processes hold open, as far as this account may see. */
  public Set<Path> open(Path directory) {
    Set<Path> out = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
          for (Path descriptor : descriptors) {
            Path file = Files.readSymbolicLink(descriptor);
            if (directory.equals(file.getParent())) {
              out.add(file);
            }
          }
        } catch (IOException | DirectoryIteratorException e) {
          // Ended, or somebody else's.
        }
      }
    } catch (IOException e) {
      return out;
    }
    return out;
  }
}
