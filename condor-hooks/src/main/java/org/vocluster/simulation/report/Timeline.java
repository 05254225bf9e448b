package org.vocluster.simulation.report;

import java.util.Arrays;

/** How the pool was at each moment: steps, kept only where something changed. */
public final class Timeline {
  /** What is followed. */
  public enum Series {
    IDLE_JOBS(0, "idle jobs"),
    RUNNING_JOBS(1, "running jobs"),
    QUEUED(2, "queued"),
    BOOTING(3, "booting"),
    FAILED(4, "never joining"),
    BUSY(5, "busy"),
    IDLE(6, "idle"),
    LEAVING(7, "leaving");

    private final int column;
    private final String text;

    Series(int column, String text) {
      this.column = column;
      this.text = text;
    }

    String text() {
      return text;
    }

    public static Series of(NodeState state) {
      return switch (state) {
        case BOOTING -> BOOTING;
        case FAILED -> FAILED;
        case BUSY -> BUSY;
        case IDLE -> IDLE;
        case LEAVING -> LEAVING;
      };
    }
  }

  private static final int SERIES = Series.values().length;

  private final int[] now = new int[SERIES];
  private long[] times = new long[1024];
  private int[] values = new int[1024 * SERIES];
  private int steps;

  public void add(Series series, int more) {
    now[series.column] += more;
  }

  public int now(Series series) {
    return now[series.column];
  }

  /** Keeps how it is now, if that is news; times never go back. */
  public void keep(long atMs) {
    if (steps > 0 && Arrays.equals(now, 0, SERIES, values, (steps - 1) * SERIES, steps * SERIES)) {
      return;
    }
    if (steps > 0 && times[steps - 1] == atMs) {
      steps--;
    }
    if (steps == times.length) {
      times = Arrays.copyOf(times, steps * 2);
      values = Arrays.copyOf(values, steps * 2 * SERIES);
    }
    times[steps] = atMs;
    System.arraycopy(now, 0, values, steps * SERIES, SERIES);
    steps++;
  }

  int steps() {
    return steps;
  }

  long at(int step) {
    return times[step];
  }

  int value(int step, Series series) {
    return values[step * SERIES + series.column];
  }

  /** The greatest value that a series ever had. */
  int peak(Series series) {
    int peak = 0;
    for (int i = 0; i < steps; i++) {
      peak = Math.max(peak, value(i, series));
    }
    return peak;
  }

  /**
   * A series in equal parts of a span, each the mean over its time.
   *
   * @param endMs when the last step ends
   * @param spanMs the span's end; it begins at 0
   */
  double[] means(Series series, long endMs, long spanMs, int parts) {
    double[] sums = new double[parts];
    double width = Math.max(1, spanMs) / (double) parts;
    for (int i = 0; i < steps; i++) {
      double from = times[i];
      double to = Math.min(i + 1 < steps ? times[i + 1] : endMs, endMs);
      int value = value(i, series);
      if (value == 0 || to <= from) {
        continue;
      }
      int first = (int) Math.min(parts - 1, from / width);
      int last = (int) Math.min(parts - 1, to / width);
      for (int part = first; part <= last; part++) {
        double begin = Math.max(from, part * width);
        double end = Math.min(to, (part + 1) * width);
        sums[part] += Math.max(0, end - begin) * value;
      }
    }
    for (int part = 0; part < parts; part++) {
      sums[part] /= width;
    }
    return sums;
  }
}
