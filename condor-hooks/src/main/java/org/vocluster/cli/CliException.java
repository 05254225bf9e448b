package org.vocluster.cli;

/** Ends a subcommand with a message for its user. */
final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  CliException(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  static CliException usage(String message) {
    return new CliException(ExitCode.USAGE, message);
  }

  static CliException failed(String message) {
    return new CliException(ExitCode.FAILED, message);
  }

  ExitCode code() {
    return code;
  }
}
