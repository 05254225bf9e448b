package org.vocluster.cli;

import java.io.InputStream;
import java.io.PrintStream;

/** Where a command reads and writes. */
record Terminal(InputStream in, PrintStream out, PrintStream err) {
  void say(String line) {
    out.println(line);
  }

  /** A message of the form {@code voc: thing: what is wrong; remedy}. */
  void complain(String message) {
    err.println(message.startsWith("voc: ") ? message : "voc: " + message);
  }
}
