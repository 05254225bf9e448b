package org.vocluster.cli.frame;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The option {@code --since=}: a span before now, or a moment. */
public final class Since {
  public static final String OPTION = "--since=";

  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})([smhd])");

  private Since() {}

  /**
   * The moment that an operand names.
   *
   * @param command the subcommand, for its complaint
   * @param operand with {@link #OPTION} at its beginning
   */
  public static Instant of(String command, String operand, Instant now) throws CliException {
    String text = operand.substring(OPTION.length());
    Matcher span = SPAN.matcher(text);
    if (span.matches()) {
      long amount = Long.parseLong(span.group(1));
      return now.minus(
          switch (span.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          });
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw CliException.usage(
          command
              + ": --since="
              + text
              + " is no time; give 90s, 15m, 1h, 2d or 2026-11-23T08:00:00Z");
    }
  }
}
