package org.vocluster.reaper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel says of a process. Its arguments it could have forged itself, the rest not.
 *
 * @param started in seconds since 1970, by this host's clock as it is now
 * @param realUser the account that has started it, 0 for root
 * @param program the file that it runs
 */
record ProcessFacts(
    long pid, long parent, long started, int realUser, Path program, List<String> arguments) {
  /** Of the kernel's interface, whatever the hardware's clock does. */
  private static final long TICKS_A_SECOND = 100;

  /** Field of /proc/PID/stat with the start, counted from the one after the name. */
  private static final int START_FIELD = 19;

  private static final int PARENT_FIELD = 1;

  ProcessFacts {
    arguments = List.copyOf(arguments);
  }

  /** All processes whose parent this is. */
  static List<ProcessFacts> childrenOf(long parent, Path proc) throws IOException {
    long boot = bootTime(proc);
    List<ProcessFacts> out = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path each : all) {
        read(each, parent, boot).ifPresent(out::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return out;
  }

  /** Empty for one that has another parent, or that has ended meanwhile. */
  private static Optional<ProcessFacts> read(Path process, long parent, long boot) {
    try {
      String[] stat = afterName(text(process.resolve("stat"))).split(" ", -1);
      if (stat.length <= START_FIELD || Long.parseLong(stat[PARENT_FIELD]) != parent) {
        return Optional.empty();
      }
      return Optional.of(
          new ProcessFacts(
              Long.parseLong(String.valueOf(process.getFileName())),
              parent,
              boot + Long.parseLong(stat[START_FIELD]) / TICKS_A_SECOND,
              realUser(text(process.resolve("status"))),
              Files.readSymbolicLink(process.resolve("exe")),
              List.of(text(process.resolve("cmdline")).split("\0", -1))));
    } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static long bootTime(Path proc) throws IOException {
    for (String line : text(proc.resolve("stat")).split("\n", -1)) {
      if (line.startsWith("btime ")) {
        return Long.parseLong(line.substring("btime ".length()).strip());
      }
    }
    throw new IOException(proc + "/stat does not say when the host was booted");
  }

  /** A process chooses its name itself, also one with brackets and blanks. */
  private static String afterName(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2);
  }

  private static int realUser(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("Uid:")) {
        return Integer.parseInt(line.substring("Uid:".length()).strip().split("\\s+", -1)[0]);
      }
    }
    throw new NumberFormatException("no Uid");
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
