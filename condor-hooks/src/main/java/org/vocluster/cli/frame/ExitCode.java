package org.vocluster.cli.frame;

/**
 * The exit statuses of the {@code voc} command, which scripts rely on; {@code --help} lists them.
 */
public enum ExitCode {
  OK(0, "done"),
  PROBLEM(1, "what was asked about has faults, or was not found"),
  USAGE(2, "the command line makes no sense"),
  FAILED(3, "something outside refused or failed: a tool of HTCondor, a file, the collector"),
  NOT_PERMITTED(4, "needs another account, usually root"),
  BUG(70, "a fault in voc itself");

  private final int status;
  private final String meaning;

  ExitCode(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  public int status() {
    return status;
  }

  public String meaning() {
    return meaning;
  }
}
