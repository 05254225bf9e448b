package org.vocluster.simulation.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * What a policy came to on a trace.
 *
 * @param policy its label
 * @param rows all VOs together first, then each
 * @param unserved jobs that no node takes
 * @param assumed what it was taken that nodes have, by their VOC: jobs ask for it, and neither the
 *     definition nor anything else says whether the image has it
 * @param hours from the first submission to the end, in hours
 */
public record Report(
    String policy,
    List<Row> rows,
    List<Unserved> unserved,
    Map<VocName, Set<String>> assumed,
    double hours) {
  /** The label of the row of all VOs together. */
  public static final String ALL = "all";

  private static final double MS_PER_HOUR = 3_600_000.0;

  public Report {
    rows = List.copyOf(rows);
    unserved = List.copyOf(unserved);
    assumed = Collections.unmodifiableMap(new TreeMap<>(assumed));
  }

  /**
   * Jobs that never start because no node takes them.
   *
   * @param why in words
   * @param example what the trace calls one of them
   */
  public record Unserved(String why, String example, int jobs) {}

  /** What is measured, with its unit. */
  public enum Metric {
    JOBS("jobs", "jobs", "", 0),
    FINISHED("finished", "jobs_finished", "", 0),
    NEVER_STARTED("never started", "jobs_never_started", "", 0),
    RESTARTED("restarted after their node ended", "jobs_restarted", "", 0),
    GIVEN_UP("given up, longer than nodes live", "jobs_given_up", "", 0),
    WAIT_MEAN("waiting time, mean", "wait_mean_s", "s", 1),
    WAIT_MEDIAN("waiting time, median", "wait_median_s", "s", 1),
    WAIT_P95("waiting time, 95 %", "wait_p95_s", "s", 1),
    WAIT_MAX("waiting time, longest", "wait_max_s", "s", 1),
    NODES_STARTED("nodes started", "nodes_started", "", 0),
    NODES_FAILED("nodes that never joined", "nodes_failed", "", 0),
    NODES_TOLD("nodes told to leave", "nodes_told_to_leave", "", 0),
    NODES_KILLED("nodes killed while they ran", "nodes_killed", "", 0),
    NODES_WITHDRAWN("node jobs removed before they ran", "nodes_withdrawn", "", 0),
    NODES_PEAK("nodes at once, most", "nodes_peak", "", 0),
    NODE_HOURS("node-hours", "node_hours", "h", 2),
    BUSY_HOURS("with a job", "node_hours_busy", "h", 2),
    WASTED_HOURS("wasted", "node_hours_wasted", "h", 2),
    BOOTING_HOURS("booting", "node_hours_booting", "h", 2),
    IDLE_HOURS("idle", "node_hours_idle", "h", 2),
    LEAVING_HOURS("leaving", "node_hours_leaving", "h", 2),
    FAILED_HOURS("never joining", "node_hours_failed", "h", 2),
    USED_OF_NODES("of the nodes' processors used by jobs", "node_utilisation_pct", "%", 1),
    NODES_OF_HOSTS("of the hosts' processors held by nodes", "host_utilisation_pct", "%", 1),
    USED_OF_HOSTS("of the hosts' processors used by jobs", "host_goodput_pct", "%", 1),
    LOST_CPU_HOURS("processor-hours of lost runs", "cpu_hours_lost", "h", 2);

    private final String text;
    private final String column;
    private final String unit;
    private final int digits;

    Metric(String text, String column, String unit, int digits) {
      this.text = text;
      this.column = column;
      this.unit = unit;
      this.digits = digits;
    }

    /** In words. */
    public String text() {
      return text;
    }

    /** The name of its column. */
    String column() {
      return column;
    }

    /** The unit, or empty for a count. */
    String unit() {
      return unit;
    }

    /** How many decimals make sense. */
    int digits() {
      return digits;
    }
  }

  /**
   * The measurements of one VO.
   *
   * @param values in the order of {@link Metric}
   */
  public record Row(String vo, List<Double> values) {
    public Row {
      values = List.copyOf(values);
    }

    /** One of the values. */
    public double value(Metric metric) {
      return values.get(Arrays.asList(Metric.values()).indexOf(metric));
    }
  }

  public static Report of(String policy, Outcome outcome) {
    List<Row> rows = new ArrayList<>();
    Books books = outcome.books();
    rows.add(row(ALL, books.all(), outcome));
    if (books.byVo().size() > 1) {
      for (Map.Entry<VoName, Books.Account> each : books.byVo().entrySet()) {
        rows.add(row(each.getKey().value(), each.getValue(), outcome));
      }
    }
    return new Report(
        policy,
        rows,
        List.copyOf(outcome.unserved().values()),
        outcome.assumed(),
        outcome.endMs() / MS_PER_HOUR);
  }

  private static Row row(String vo, Books.Account account, Outcome outcome) {
    long[] waits = account.waits();
    double hostCpuMs = (double) outcome.hostCpus() * outcome.endMs();
    List<Double> values = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      values.add(
          switch (metric) {
            case JOBS -> (double) account.jobs();
            case FINISHED -> (double) account.finished();
            case NEVER_STARTED -> (double) (account.jobs() - waits.length);
            case RESTARTED -> (double) account.restarts();
            case GIVEN_UP -> (double) account.givenUp();
            case WAIT_MEAN -> Arrays.stream(waits).average().orElse(0) / 1000;
            case WAIT_MEDIAN -> quantile(waits, 0.5) / 1000;
            case WAIT_P95 -> quantile(waits, 0.95) / 1000;
            case WAIT_MAX -> quantile(waits, 1) / 1000;
            case NODES_STARTED -> (double) account.nodesStarted();
            case NODES_FAILED -> (double) account.nodesFailed();
            case NODES_TOLD -> (double) account.nodesTold();
            case NODES_KILLED -> (double) account.nodesKilled();
            case NODES_WITHDRAWN -> (double) account.nodesWithdrawn();
            case NODES_PEAK -> (double) account.nodesPeak();
            case NODE_HOURS -> account.nodeMs() / MS_PER_HOUR;
            case BUSY_HOURS -> account.nodeMs(NodeState.BUSY) / MS_PER_HOUR;
            case WASTED_HOURS -> (account.nodeMs() - account.nodeMs(NodeState.BUSY)) / MS_PER_HOUR;
            case BOOTING_HOURS -> account.nodeMs(NodeState.BOOTING) / MS_PER_HOUR;
            case IDLE_HOURS -> account.nodeMs(NodeState.IDLE) / MS_PER_HOUR;
            case LEAVING_HOURS -> account.nodeMs(NodeState.LEAVING) / MS_PER_HOUR;
            case FAILED_HOURS -> account.nodeMs(NodeState.FAILED) / MS_PER_HOUR;
            case USED_OF_NODES ->
                percent(account.usefulCpuMs() + account.lostCpuMs(), account.nodeCpuMs());
            case NODES_OF_HOSTS -> percent(account.nodeCpuMs(), hostCpuMs);
            case USED_OF_HOSTS -> percent(account.usefulCpuMs(), hostCpuMs);
            case LOST_CPU_HOURS -> account.lostCpuMs() / MS_PER_HOUR;
          });
    }
    return new Row(vo, values);
  }

  /** Between two values the nearer one below: a time that a job really waited. */
  private static double quantile(long[] ascending, double part) {
    if (ascending.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(part * ascending.length);
    return ascending[Math.max(0, rank - 1)];
  }

  private static double percent(double part, double whole) {
    return whole > 0 ? 100 * part / whole : 0;
  }
}
