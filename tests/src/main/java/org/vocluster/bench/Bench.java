package org.vocluster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vocluster.pool.PoolException;

/** The command of a benchmark: what it measures on pools becomes a table in a file. */
final class Bench {
  private Bench() {}

  /** What is measured. */
  @FunctionalInterface
  interface Measuring {
    /**
     * Measures.
     *
     * @param packages directory of our packages
     * @param times how often
     * @return the table
     */
    String table(Path packages, int times) throws PoolException, InterruptedException, IOException;
  }

  /**
   * Measures, prints and writes; ends the process if that fails.
   *
   * @param arguments the directory of our packages, the file to write, how often to measure
   */
  static void run(String name, String[] arguments, Measuring measuring) {
    if (arguments.length != 3) {
      System.err.println("usage: " + name + " PACKAGES REPORT TIMES");
      System.exit(2);
    }
    try {
      Path packages = Path.of(arguments[0]).toAbsolutePath();
      String table = measuring.table(packages, Integer.parseInt(arguments[2]));
      Path report = Path.of(arguments[1]).toAbsolutePath();
      Path directory = report.getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Files.writeString(report, table);
      System.out.print(table);
    } catch (PoolException | IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.exit(130);
    }
  }
}
