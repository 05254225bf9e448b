package org.vocluster.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Console;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.VocPool;

/**
 * What {@code ./bench reaction} runs: measures {@link Reaction} on a pool of its own with each
 * version of HTCondor and writes the table of docs/benchmarks.md.
 */
public final class ReactionBench {
  /** A loop of 30 to 120 s sees a submit after half of that, on average. */
  private static final List<String> PEERS =
      List.of("| for comparison: decision loops of comparable systems | | 15 to 60 | 30 to 120 |");

  private ReactionBench() {}

  /**
   * Measures, prints and writes.
   *
   * @param arguments the directory of our packages, the file to write, the number of submits
   */
  public static void main(String[] arguments) {
    Bench.run("ReactionBench", arguments, ReactionBench::table);
  }

  private static String table(Path packages, int submits)
      throws PoolException, InterruptedException {
    StringBuilder table =
        new StringBuilder("| | HTCondor | median, s | maximum, s |\n|---|---|---|---|\n");
    for (Suite suite : Suite.values()) {
      rows(suite, packages, submits).forEach(row -> table.append(row).append('\n'));
    }
    PEERS.forEach(row -> table.append(row).append('\n'));
    return table.toString();
  }

  private static List<String> rows(Suite suite, Path packages, int submits)
      throws PoolException, InterruptedException {
    PoolName name = new PoolName("reaction" + suite.debianName());
    Console console = new Console(System.out);
    console.chapter("Reaction, on Debian " + suite.debianName());
    VocPool voc = VocPool.up(name, suite, packages, console);
    try (QueueWatch queue = QueueWatch.of(voc.ap())) {
      voc.closeHosts();
      voc.register(voc.definition("cms", "cms")).orThrow();
      String version =
          voc.ap().run("condor_config_val", "CONDOR_VERSION").orThrow().stdout().strip();
      return Reaction.figures(Reaction.measure(voc, queue, submits, console)).stream()
          .map(
              figure ->
                  String.format(
                      Locale.ROOT,
                      "| %s | %s | %.2f | %.2f |",
                      figure.name(),
                      version,
                      figure.median(),
                      figure.maximum()))
          .toList();
    } finally {
      Pool.down(name);
    }
  }
}
