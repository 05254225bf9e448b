package org.vocluster.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Named network namespaces: what a pool's cables hang in and its processes are found by. */
final class Namespaces {
  private static final Duration DEATH = Duration.ofSeconds(20);

  private Namespaces() {}

  static Path path(String name) {
    return Path.of("/run/netns", name);
  }

  static List<String> list() throws PoolException, InterruptedException {
    return Command.run("ip", "netns", "list").orThrow().lines().stream()
        .map(line -> line.split("\\s", 2)[0])
        .toList();
  }

  static void create(String name) throws PoolException, InterruptedException {
    Command.run("ip", "netns", "add", name).orThrow();
  }

  /** Removes a namespace with all that runs in it. */
  static void delete(String name) throws PoolException, InterruptedException {
    killAll(name);
    Command.run("ip", "netns", "delete", name).orThrow();
  }

  /** Ends every process in the namespace and returns when there is none any more. */
  static void killAll(String name) throws PoolException, InterruptedException {
    Await.until(
        "processes in network namespace %s to end".formatted(name),
        DEATH,
        () -> {
          List<String> pids = Command.run("ip", "netns", "pids", name).orThrow().lines();
          for (String pid : pids) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
          }
          return pids;
        },
        List::isEmpty);
  }

  /** The machine's number for the process that has another one inside of that namespace. */
  static long outside(String name, long inside) throws PoolException, InterruptedException {
    for (String pid : Command.run("ip", "netns", "pids", name).orThrow().lines()) {
      try (Stream<String> status = Files.lines(Path.of("/proc", pid, "status"))) {
        if (status.anyMatch(line -> line.matches("NSpid:.*\\s" + inside))) {
          return Long.parseLong(pid);
        }
      } catch (IOException e) {
        // It has ended.
      }
    }
    throw new PoolException("no process %d in %s".formatted(inside, name));
  }

  /** Whether a process lives in that namespace. */
  static boolean contains(String name, long pid) {
    try {
      return inode(path(name)).equals(inode(Path.of("/proc", Long.toString(pid), "ns", "net")));
    } catch (IOException e) {
      return false;
    }
  }

  private static Object inode(Path namespace) throws IOException {
    return Files.getAttribute(namespace, "unix:ino");
  }
}
