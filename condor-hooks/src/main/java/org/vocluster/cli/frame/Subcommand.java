package org.vocluster.cli.frame;

import java.util.List;

/**
 * One of the {@code voc} command's subcommands. All are made for the help, and one is run: making
 * one must cost nothing. It ends with an exit code or an exception and never the process, writes to
 * its terminal alone, and asks its {@link Site} for the time and the settings.
 */
public interface Subcommand {
  /** Its words, {@code vo add}. */
  String name();

  /** What follows its words, {@code FILE…}. */
  String operands();

  /** What it does, in a line. */
  String summary();

  /** What {@code --help} prints below the synopsis. */
  String help();

  /**
   * Runs it.
   *
   * @throws CliException with the message and the status to end with
   */
  ExitCode run(List<String> operands, Terminal terminal) throws CliException;
}
