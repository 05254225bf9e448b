package org.vocluster.cli.frame;

import java.util.List;

/** One of the {@code voc} command's subcommands. */
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
