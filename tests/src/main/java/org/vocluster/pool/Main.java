package org.vocluster.pool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The test pool from a command line. */
public final class Main {
  private static final String USAGE =
      """
      usage: up NAME [--suite trixie|sid] [--execute-hosts N]   hosts with HTCondor, started
             shell NAME HOST [--user USER] [-- COMMAND…]        a shell, or a command, on a host
             logs NAME DIRECTORY                                collect what explains a failure
             down NAME                                          remove the pool
      """;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    try {
      return dispatch(new ArrayList<>(arguments));
    } catch (PoolException e) {
      System.err.println(e.getMessage());
      return 1;
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private static int dispatch(List<String> arguments) throws PoolException, InterruptedException {
    String verb = next(arguments, "what to do");
    PoolName name = new PoolName(next(arguments, "the pool's name"));
    switch (verb) {
      case "up" -> {
        Suite suite = Suite.parse(option(arguments, "--suite", "trixie"));
        int hosts = Integer.parseInt(option(arguments, "--execute-hosts", "2"));
        noMore(arguments);
        Pool pool = Pool.up(PoolPlan.of(name, suite, hosts));
        pool.startCondor();
        pool.hosts().forEach(host -> System.out.println(host.name() + " " + host.address()));
      }
      case "shell" -> {
        return shell(name, arguments);
      }
      case "logs" -> {
        Path directory = Path.of(next(arguments, "a directory"));
        noMore(arguments);
        Pool.find(name).collectLogs(directory);
        System.out.println(directory.toAbsolutePath());
      }
      case "down" -> {
        noMore(arguments);
        Pool.down(name);
      }
      default -> throw new IllegalArgumentException("unknown: '%s'".formatted(verb));
    }
    return 0;
  }

  private static int shell(PoolName name, List<String> arguments)
      throws PoolException, InterruptedException {
    Host host = Pool.find(name).host(next(arguments, "the host's name"));
    String user = option(arguments, "--user", "root");
    if (!arguments.isEmpty() && arguments.getFirst().equals("--")) {
      arguments.removeFirst();
    }
    return host.as(user).interactive(arguments.isEmpty() ? List.of("bash", "-i") : arguments);
  }

  private static String next(List<String> arguments, String what) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("missing: " + what);
    }
    return arguments.removeFirst();
  }

  /** Takes an option that stands before "--". */
  private static String option(List<String> arguments, String name, String otherwise) {
    int end = arguments.indexOf("--");
    int at = arguments.indexOf(name);
    if (at < 0 || (end >= 0 && at > end)) {
      return otherwise;
    }
    arguments.remove(at);
    if (at == arguments.size()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return arguments.remove(at);
  }

  private static void noMore(List<String> arguments) {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException("not understood: " + String.join(" ", arguments));
    }
  }
}
