package org.vocluster.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vocluster.pool.PoolException;

/** A node's QEMU as this machine's kernel numbers it; hosts have numbers of their own. */
public final class MachineProcess {
  private MachineProcess() {}

  public static long of(String node) throws PoolException {
    return ProcessHandle.allProcesses()
        .mapToLong(ProcessHandle::pid)
        .filter(pid -> isMachineOf(pid, node))
        .findFirst()
        .orElseThrow(() -> new PoolException("no QEMU of node %s on this machine".formatted(node)));
  }

  private static boolean isMachineOf(long pid, String node) {
    String commandLine = read(pid, "cmdline");
    return commandLine.contains("qemu-system") && commandLine.contains(node);
  }

  /** Whether it still runs; a zombie, which holds nothing any more, does not. */
  static boolean runs(long pid) {
    String status = read(pid, "stat").replaceFirst("(?s)^.*\\) ", "");
    return !status.isEmpty() && status.charAt(0) != 'Z' && status.charAt(0) != 'X';
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
