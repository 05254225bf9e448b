package org.vocluster.cli.frame;

import java.io.InputStream;
import java.io.PrintStream;

/** Where a command reads and writes; what programs may read goes to {@code out}. */
public record Terminal(InputStream in, PrintStream out, PrintStream err) {
  public void say(String line) {
    out.println(line);
  }

  /** A message of the form {@code voc: thing: what is wrong; remedy}. */
  public void complain(String message) {
    err.println(message.startsWith("voc: ") ? message : "voc: " + message);
  }
}
