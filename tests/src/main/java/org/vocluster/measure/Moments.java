package org.vocluster.measure;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;

/**
 * When something happened, as HTCondor's logs and the kernel tell. The hosts of a pool share one
 * kernel, hence one clock, and keep UTC.
 */
public final class Moments {
  private static final Pattern STAMP =
      Pattern.compile("^(\\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}) ");
  private static final DateTimeFormatter STAMP_FORM =
      DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss.SSS");
  private static final Duration LOG_BOUND = Duration.ofSeconds(30);

  private Moments() {}

  /**
   * The time of the first line of a daemon's log, at or after {@code from}, that matches. HTCondor
   * writes milliseconds with D_SUB_SECOND.
   */
  public static Instant inLog(Host host, String log, Instant from, String regex)
      throws PoolException, InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    return Await.until(
            "a line with '%s' in %s of %s".formatted(regex, log, host.name()),
            LOG_BOUND,
            () -> find(host.root().sh("cat " + log).orThrow().stdout(), from, pattern),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<Instant> find(String text, Instant from, Pattern pattern) {
    return text.lines()
        .filter(line -> pattern.matcher(line).find())
        .flatMap(line -> stamp(line).stream())
        .filter(time -> !time.isBefore(from))
        .findFirst();
  }

  static Optional<Instant> stamp(String line) {
    Matcher matcher = STAMP.matcher(line);
    return matcher.find()
        ? Optional.of(LocalDateTime.parse(matcher.group(1), STAMP_FORM).toInstant(ZoneOffset.UTC))
        : Optional.empty();
  }

  /** When the kernel started a process of a host; exact to a clock tick of 10 ms. */
  public static Instant started(Host host, long pid) throws PoolException, InterruptedException {
    // Field 22 of /proc/PID/stat, proc(5): ticks of 1/100 s since boot. The name in field 2 may
    // hold blanks, so count from behind its parenthesis.
    String[] fields =
        host.read("/proc/%d/stat".formatted(pid)).replaceFirst("^.*\\) ", "").split(" ", -1);
    long ticks = Long.parseLong(fields[19]);
    String[] clocks =
        host.root()
            .sh("cut -d' ' -f1 /proc/uptime; date +%s%N")
            .orThrow()
            .stdout()
            .strip()
            .split("\n", -1);
    long nowMillis = Long.parseLong(clocks[1]) / 1_000_000;
    long upMillis = Math.round(Double.parseDouble(clocks[0]) * 1000);
    return Instant.ofEpochMilli(nowMillis - upMillis + ticks * 10);
  }
}
