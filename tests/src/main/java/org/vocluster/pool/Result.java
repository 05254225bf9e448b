package org.vocluster.pool;

import java.time.Duration;
import java.util.List;

/**
 * What a finished command left.
 *
 * @param where the host, or "machine" for commands outside of a pool
 * @param command the command as its caller gave it, without what was put around it
 * @param exit the exit status; 128+N if signal N ended it
 * @param duration wall-clock time, including the few milliseconds it takes to enter the host
 */
public record Result(
    String where, List<String> command, int exit, String stdout, String stderr, Duration duration) {

  public Result {
    command = List.copyOf(command);
  }

  public boolean ok() {
    return exit == 0;
  }

  /** Returns this result if the exit status is 0, else throws an error that shows all of it. */
  public Result orThrow() throws PoolException {
    if (!ok()) {
      throw new PoolException(toString());
    }
    return this;
  }

  /** Standard output's lines without empty ones. */
  public List<String> lines() {
    return stdout.lines().filter(line -> !line.isBlank()).toList();
  }

  @Override
  public String toString() {
    return "%s: %s: exit status %d after %d ms%s%s"
        .formatted(
            where,
            String.join(" ", command),
            exit,
            duration.toMillis(),
            indented("stdout", stdout),
            indented("stderr", stderr));
  }

  private static String indented(String name, String text) {
    return text.isBlank() ? "" : "\n  " + name + ":\n" + text.strip().indent(4).stripTrailing();
  }
}
