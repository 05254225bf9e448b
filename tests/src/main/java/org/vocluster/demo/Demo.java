package org.vocluster.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vocluster.measure.Measurement;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Console;
import org.vocluster.vocpool.VocPool;

/**
 * The demonstration: brings up a pool with VOC on it and runs the {@link MainJob} for an audience.
 */
public final class Demo {
  private static final PoolName POOL = new PoolName("demo");

  private final Path packages;
  private final Path report;
  private final Suite suite;
  private final boolean keep;
  private final PrintStream out;

  private Demo(Path packages, Path report, Suite suite, boolean keep, PrintStream out) {
    this.packages = packages;
    this.report = report;
    this.suite = suite;
    this.keep = keep;
    this.out = out;
  }

  public static void main(String[] arguments) {
    System.exit(run(new ArrayList<>(List.of(arguments)), System.out));
  }

  private static int run(List<String> arguments, PrintStream out) {
    Path packages = Path.of("packaging/target/debs");
    Path report = Path.of("target/demo");
    Suite suite = Suite.TRIXIE;
    boolean keep = false;
    try {
      while (!arguments.isEmpty()) {
        String argument = arguments.removeFirst();
        switch (argument) {
          case "--debs" -> packages = Path.of(value(argument, arguments));
          case "--report" -> report = Path.of(value(argument, arguments));
          case "--condor" -> suite = Suite.parse(value(argument, arguments));
          case "--keep" -> keep = true;
          default -> throw new IllegalArgumentException("unknown argument: " + argument);
        }
      }
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      return 2;
    }
    try {
      return new Demo(packages, report, suite, keep, out).show();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private static String value(String option, List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return arguments.removeFirst();
  }

  private int show() throws InterruptedException {
    long start = System.nanoTime();
    Console console = new Console(out);
    List<Measurement> measurements;
    VocPool voc = null;
    try {
      console.chapter("A pool of three hosts, HTCondor from Debian " + suite.debianName());
      voc = VocPool.up(POOL, suite, packages, console);
      console.tell(voc.ap().run("condor_version").orThrow().lines().getFirst());
      console.chapter("The VO cms gets a cluster");
      MainJob.register(voc, console);
      measurements = new MainJob(voc, console).run();
    } catch (PoolException e) {
      out.printf("%nNOT SEEN: %s%n", e.getMessage());
      evidence(voc);
      if (!keep) {
        takeAway();
      }
      return 1;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Summary summary = new Summary(suite, seconds, measurements);
    out.printf("%n%s", summary.table());
    try {
      Files.createDirectories(report);
      Path file = report.resolve("report.json");
      Files.writeString(file, summary.json());
      out.printf(Locale.ROOT, "%nEvery step was seen, in %.0f s. Report: %s%n", seconds, file);
    } catch (IOException e) {
      out.printf("%nThe report could not be written: %s%n", e);
      return 1;
    }
    if (keep) {
      howToUse();
    } else {
      takeAway();
    }
    return 0;
  }

  private void evidence(@Nullable VocPool voc) throws InterruptedException {
    if (voc == null) {
      return;
    }
    Path logs = report.resolve("logs");
    try {
      voc.pool().collectLogs(logs);
      out.printf("Logs of all hosts: %s%n", logs.toAbsolutePath());
    } catch (PoolException e) {
      out.printf("Logs could not be collected: %s%n", e.getMessage());
    }
  }

  private void takeAway() throws InterruptedException {
    try {
      Pool.down(POOL);
    } catch (PoolException e) {
      out.printf("The pool could not be taken away: %s%nTry ./demo --down%n", e.getMessage());
    }
  }

  private void howToUse() {
    out.print(
        """

        The pool is still up.
          ./demo --shell cm alice    a shell as alice on the access point; submit a job of your own there:
                                       condor_submit hello.sub; condor_watch_q
          ./demo --shell cm          root there: voc status; condor_status; tail -f /var/log/condor/VocSizeLog
          ./demo --shell pad1        root on an execution host: ps -ef | grep qemu
          ./demo --down              take all of it away
        """);
  }
}
