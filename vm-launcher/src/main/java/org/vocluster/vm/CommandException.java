package org.vocluster.vm;

import java.util.List;

/** A command could not be started, did not end in time or ended with a failure. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> argv;

  CommandException(List<String> argv, String what, String stderr) {
    super(
        "`"
            + Printable.of(String.join(" ", argv), 400)
            + "` "
            + what
            + (stderr.isBlank()
                ? ""
                : ": " + Printable.of(stderr.strip().replace("\n", " | "), 600)));
    this.argv = List.copyOf(argv);
  }

  /** The command's words. */
  public List<String> argv() {
    return argv;
  }
}
