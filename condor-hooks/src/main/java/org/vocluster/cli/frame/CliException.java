package org.vocluster.cli.frame;

/**
 * Ends a subcommand with a message for its user, which names the thing, what is wrong with it and
 * the remedy.
 */
public final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  public CliException(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  public static CliException usage(String message) {
    return new CliException(ExitCode.USAGE, message);
  }

  public static CliException failed(String message) {
    return new CliException(ExitCode.FAILED, message);
  }

  public ExitCode code() {
    return code;
  }
}
