package org.vocluster.vocpool;

import java.io.PrintStream;
import java.util.Locale;

/** Prints a story with the seconds since it began. */
public final class Console implements Story {
  private final PrintStream out;
  private final long start = System.nanoTime();

  public Console(PrintStream out) {
    this.out = out;
  }

  @Override
  public void chapter(String title) {
    out.printf("%n%s%n%s%n", title, "-".repeat(title.length()));
  }

  @Override
  public void tell(String line) {
    out.printf(Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - start) / 1e9, line);
    out.flush();
  }
}
