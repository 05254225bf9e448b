package org.vocluster.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A way to run commands on a host: as whom, for how long at most, with what input and environment.
 *
 * <p>Commands start in the user's home directory with a clean login environment. They get no
 * terminal, and nothing to read unless input is given.
 */
public final class Session {
  // After its bound a command gets SIGTERM, then SIGKILL.
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int TIMED_OUT = 124;
  private static final int KILLED = 137;

  private final Host host;
  private final String user;
  private final Duration bound;
  private final Map<String, String> environment;
  private final @Nullable String inputText;
  private final @Nullable Path inputFile;

  Session(Host host, String user) {
    this(host, user, Duration.ofMinutes(1), Map.of(), null, null);
  }

  private Session(
      Host host,
      String user,
      Duration bound,
      Map<String, String> environment,
      @Nullable String inputText,
      @Nullable Path inputFile) {
    this.host = host;
    this.user = user;
    this.bound = bound;
    this.environment = environment;
    this.inputText = inputText;
    this.inputFile = inputFile;
  }

  /** The same with another bound; it is a minute otherwise. */
  public Session within(Duration newBound) {
    return new Session(host, user, newBound, environment, inputText, inputFile);
  }

  /** The same with text for standard input. */
  public Session input(String text) {
    return new Session(host, user, bound, environment, text, null);
  }

  /** The same with a file of the machine as standard input. */
  public Session input(Path file) {
    return new Session(host, user, bound, environment, null, file);
  }

  /** The same with one more environment variable. */
  public Session env(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Session(host, user, bound, more, inputText, inputFile);
  }

  /** Runs a shell script. */
  public Result sh(String script) throws PoolException, InterruptedException {
    return run("sh", "-c", script);
  }

  /**
   * Runs a command to its end.
   *
   * @return its result, whatever its exit status
   * @throws PoolException if the host is not up, or the command did not end within the bound
   */
  public Result run(String... command) throws PoolException, InterruptedException {
    List<String> shown = List.of(command);
    List<String> argv = enter(shown);
    Duration longest = bound.plus(GRACE).plusSeconds(10);
    Result result = new Command(host.name(), argv, shown, longest, inputFile, inputText).run();
    boolean late = result.duration().compareTo(bound) >= 0;
    if (late && (result.exit() == TIMED_OUT || result.exit() == KILLED)) {
      throw new PoolException(
          "not finished within its bound of %d s: %s".formatted(bound.toSeconds(), result));
    }
    return result;
  }

  /** Runs a command on this process's own terminal, without a bound; returns its exit status. */
  int interactive(List<String> command) throws PoolException, InterruptedException {
    List<String> argv = new ArrayList<>(host.enterCommand());
    Map<String, String> withTerminal = new LinkedHashMap<>(environment);
    withTerminal.put("TERM", Objects.requireNonNullElse(System.getenv("TERM"), "dumb"));
    argv.addAll(asUser(command, user, withTerminal));
    try {
      return new ProcessBuilder(argv).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(host.name(), e), e);
    }
  }

  private List<String> enter(List<String> command) throws PoolException {
    List<String> argv = new ArrayList<>(host.enterCommand());
    argv.addAll(List.of("timeout", "-k", GRACE.toSeconds() + "", bound.toMillis() / 1000.0 + "s"));
    argv.addAll(asUser(command, user, environment));
    return argv;
  }

  /** Puts around a command what gives it a user's login environment, without a PAM session. */
  static List<String> asUser(List<String> command, String user, Map<String, String> environment) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--init-groups",
                "--reset-env",
                "env"));
    argv.add("LANG=C.UTF-8");
    if (user.equals("root")) {
      argv.add("PATH=" + Command.ENVIRONMENT.get("PATH"));
      argv.add("DEBIAN_FRONTEND=noninteractive");
    }
    environment.forEach((name, value) -> argv.add(name + "=" + value));
    argv.addAll(List.of("sh", "-c", "cd \"$HOME\" && exec \"$@\"", "sh"));
    argv.addAll(command);
    return argv;
  }
}
