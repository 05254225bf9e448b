package org.vocluster.vm.os;

import java.util.List;

/** A command could not be started, did not end in time or ended with a failure. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> argv;
  private final String fault;

  public CommandException(List<String> argv, String what, String stderr) {
    this(argv, what + quoted(stderr));
  }

  private CommandException(List<String> argv, String fault) {
    super("`" + Printable.of(String.join(" ", argv), 400) + "` " + fault);
    this.argv = List.copyOf(argv);
    this.fault = fault;
  }

  private static String quoted(String stderr) {
    return stderr.isBlank() ? "" : ": " + Printable.of(stderr.strip().replace("\n", " | "), 600);
  }

  /** The message without the command's words, for where it is clear which command it was. */
  public String fault() {
    return fault;
  }

  /** The command's words. */
  public List<String> argv() {
    return argv;
  }
}
