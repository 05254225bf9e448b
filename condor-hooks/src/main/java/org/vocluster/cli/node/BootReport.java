package org.vocluster.cli.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.vocluster.cli.frame.Table;
import org.vocluster.sizing.journal.Moment;
import org.vocluster.sizing.journal.NodeRecord;
import org.vocluster.vm.definition.VocName;

/** How long the nodes of each VOC took to boot, from what the log of nodes says of them. Pure. */
final class BootReport {
  /**
   * A piece of the way from the submission of a node job to the pool.
   *
   * @param whole whether it is what is called the boot time; the others are parts of the way
   */
  private record Part(Moment from, Moment to, String words, boolean whole) {}

  private static final List<Part> PARTS =
      List.of(
          new Part(Moment.EXEC, Moment.FIRST_AD, "boot", true),
          new Part(Moment.SUBMITTED, Moment.LAUNCHED, "submitted to launched", false),
          new Part(Moment.LAUNCHED, Moment.EXEC, "launched to prepare-job", false),
          new Part(Moment.EXEC, Moment.KERNEL, "prepare-job to kernel", false),
          new Part(Moment.KERNEL, Moment.STARTD, "kernel to startd", false),
          new Part(Moment.STARTD, Moment.FIRST_AD, "startd to first ad", false));

  private static final List<String> COLUMNS = List.of("MIN", "MEDIAN", "MAX", "AVERAGE", "STDDEV");

  private final Map<VocName, List<NodeRecord>> runs = new TreeMap<>();

  /**
   * @param runs of nodes, each once
   */
  BootReport(List<NodeRecord> runs) {
    for (NodeRecord run : runs) {
      this.runs.computeIfAbsent(run.voc(), voc -> new ArrayList<>()).add(run);
    }
  }

  /** Whether there is nothing to report. */
  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** The boot times of each VOC, and below them the parts of the way, in seconds. */
  String table() {
    Table boots = new Table(heads("VOC", "NODES", "FAILED"));
    Table parts = new Table(heads("VOC", "PART", "NODES"));
    runs.forEach(
        (voc, ofVoc) -> {
          for (Part part : PARTS) {
            List<Long> values = seconds(ofVoc, part);
            if (part.whole()) {
              boots.row(cells(values, voc.value(), Integer.toString(values.size()), failed(ofVoc)));
            } else if (!values.isEmpty()) {
              parts.row(cells(values, voc.value(), part.words(), Integer.toString(values.size())));
            }
          }
        });
    return boots + "\n" + parts;
  }

  private static String[] heads(String... first) {
    List<String> heads = new ArrayList<>(List.of(first));
    heads.addAll(COLUMNS);
    return heads.toArray(String[]::new);
  }

  private static String[] cells(List<Long> values, String... first) {
    List<String> cells = new ArrayList<>(List.of(first));
    Spread.of(values)
        .ifPresentOrElse(
            spread -> {
              cells.add(whole(spread.minimum()));
              cells.add(fraction(spread.median()));
              cells.add(whole(spread.maximum()));
              cells.add(fraction(spread.average()));
              cells.add(fraction(spread.deviation(), "-"));
            },
            () -> COLUMNS.forEach(column -> cells.add("-")));
    return cells.toArray(String[]::new);
  }

  /** The same as comma-separated values, a line for each VOC and part. */
  String csv() {
    StringBuilder text =
        new StringBuilder("voc,from,to,nodes,minimum,median,maximum,average,standard_deviation\n");
    runs.forEach(
        (voc, ofVoc) -> {
          for (Part part : PARTS) {
            Spread.of(seconds(ofVoc, part))
                .ifPresent(
                    spread ->
                        text.append(
                            "%s,%s,%s,%d,%s,%s,%s,%s,%s%n"
                                .formatted(
                                    voc,
                                    part.from().attribute(),
                                    part.to().attribute(),
                                    spread.count(),
                                    whole(spread.minimum()),
                                    fraction(spread.median()),
                                    whole(spread.maximum()),
                                    fraction(spread.average()),
                                    fraction(spread.deviation(), ""))));
          }
        });
    return text.toString();
  }

  private static List<Long> seconds(List<NodeRecord> runs, Part part) {
    return runs.stream()
        .flatMapToLong(run -> run.moments().between(part.from(), part.to()).stream())
        .boxed()
        .toList();
  }

  /** Ended, and nothing was ever seen of them in the pool. */
  private static String failed(List<NodeRecord> runs) {
    long failed =
        runs.stream()
            .filter(run -> run.event() == NodeRecord.Event.END)
            .filter(run -> !run.moments().has(Moment.FIRST_AD))
            .filter(run -> !run.moments().has(Moment.STARTD))
            .filter(run -> !run.moments().has(Moment.LAST_CLAIM))
            .count();
    return Long.toString(failed);
  }

  private static String whole(double seconds) {
    return String.format(Locale.ROOT, "%.0f", seconds);
  }

  private static String fraction(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }

  private static String fraction(OptionalDouble seconds, String none) {
    return seconds.isPresent() ? fraction(seconds.getAsDouble()) : none;
  }
}
