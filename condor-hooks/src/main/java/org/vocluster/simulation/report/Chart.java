package org.vocluster.simulation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vocluster.simulation.report.Timeline.Series;

/**
 * A plot over time as SVG: for each policy its jobs, running and idle, and below them its nodes by
 * state, one on the other.
 */
public final class Chart {
  private static final int WIDTH = 960;
  private static final int LEFT = 74;
  private static final int RIGHT = 20;
  private static final int PLOT = WIDTH - LEFT - RIGHT;
  private static final int PANEL = 190;
  private static final int TITLE = 30;
  private static final int LEGEND = 24;
  private static final int AXIS = 44;
  private static final int PARTS = PLOT / 2;

  /** What one policy did. */
  public record Run(String policy, Timeline timeline, long endMs) {}

  /** One layer of a panel. */
  private record Layer(Series series, String colour) {}

  // Told apart by people who see colours differently (Okabe and Ito), and in grey.
  private static final List<Layer> JOBS =
      List.of(new Layer(Series.RUNNING_JOBS, "#0072b2"), new Layer(Series.IDLE_JOBS, "#e69f00"));
  private static final List<Layer> NODES =
      List.of(
          new Layer(Series.BUSY, "#009e73"),
          new Layer(Series.IDLE, "#f0e442"),
          new Layer(Series.BOOTING, "#56b4e9"),
          new Layer(Series.LEAVING, "#cc79a7"),
          new Layer(Series.FAILED, "#d55e00"),
          new Layer(Series.QUEUED, "#bbbbbb"));

  private final StringBuilder out = new StringBuilder();
  private final long endMs;
  private int top;

  private Chart(long endMs) {
    this.endMs = endMs;
  }

  /**
   * Draws runs one below the other, with one time axis for all.
   *
   * @param title what was simulated
   */
  public static String svg(String title, List<Run> runs) {
    long endMs = runs.stream().mapToLong(Run::endMs).max().orElse(1);
    Chart chart = new Chart(Math.max(1, endMs));
    chart.draw(title, runs);
    return chart.out.toString();
  }

  private void draw(String title, List<Run> runs) {
    int height = TITLE + runs.size() * 2 * (LEGEND + PANEL + AXIS) + 6;
    line(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\" role=\"img\">",
            WIDTH,
            height,
            WIDTH,
            height));
    line(String.format(Locale.ROOT, "<title>%s</title>", escaped(title)));
    line(
        String.format(
            Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height));
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"20\" font-size=\"14\" font-weight=\"bold\">%s</text>",
            LEFT,
            escaped(title)));
    top = TITLE;
    double mostJobs = most(runs, JOBS);
    double mostNodes = most(runs, NODES);
    for (Run run : runs) {
      String of = runs.size() > 1 ? run.policy() + ": " : "";
      panel(of, "jobs", JOBS, run, mostJobs);
      panel(of, "nodes", NODES, run, mostNodes);
    }
    line("</svg>");
  }

  /** Panels of one kind have one scale, so that policies can be compared by eye. */
  private double most(List<Run> runs, List<Layer> layers) {
    double most = 1;
    for (Run run : runs) {
      for (double top : top(stack(run, layers))) {
        most = Math.max(most, top);
      }
    }
    return most;
  }

  private List<double[]> stack(Run run, List<Layer> layers) {
    List<double[]> stack = new ArrayList<>();
    double[] below = new double[PARTS];
    for (Layer layer : layers) {
      double[] means = run.timeline().means(layer.series(), run.endMs(), endMs, PARTS);
      double[] above = new double[PARTS];
      for (int i = 0; i < PARTS; i++) {
        above[i] = below[i] + means[i];
      }
      stack.add(above);
      below = above;
    }
    return stack;
  }

  private static double[] top(List<double[]> stack) {
    return stack.getLast();
  }

  private void panel(String of, String unit, List<Layer> layers, Run run, double most) {
    legend(of + unit, layers, run);
    top += LEGEND;
    double step = roundStep(most / 5, List.of(1.0, 2.0, 5.0, 10.0));
    double scale = PANEL / (Math.ceil(most / step) * step);
    for (double value = 0; value * scale <= PANEL + 0.5; value += step) {
      double y = top + PANEL - value * scale;
      line(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
              LEFT,
              y,
              LEFT + PLOT,
              y));
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 6,
              y + 4,
              grouped(value)));
    }
    List<double[]> stack = stack(run, layers);
    double[] below = new double[PARTS];
    for (int i = 0; i < layers.size(); i++) {
      area(below, stack.get(i), scale, layers.get(i).colour());
      below = stack.get(i);
    }
    timeAxis();
    line(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
            top + PANEL / 2,
            unit));
    top += PANEL + AXIS;
  }

  private void legend(String name, List<Layer> layers, Run run) {
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>",
            LEFT,
            top + 15,
            escaped(name)));
    int x = LEFT + PLOT;
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      if (layer.series() == Series.FAILED && run.timeline().peak(Series.FAILED) == 0) {
        continue;
      }
      String text = layer.series().text();
      x -= text.length() * 7 + 8;
      line(
          String.format(
              Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>", x, top + 15, escaped(text)));
      x -= 16;
      line(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"11\" height=\"11\" fill=\"%s\" stroke=\"#555555\""
                  + " stroke-width=\"0.5\"/>",
              x,
              top + 5,
              layer.colour()));
      x -= 10;
    }
  }

  /** The steps between two curves; nothing where they are one. */
  private void area(double[] below, double[] above, double scale, String colour) {
    boolean empty = true;
    for (int i = 0; i < PARTS; i++) {
      empty &= above[i] - below[i] < 1e-9;
    }
    if (empty) {
      return;
    }
    StringBuilder path = new StringBuilder();
    edge(path, above, scale, true);
    edge(path, below, scale, false);
    line("<path d=\"" + path + "Z\" fill=\"" + colour + "\"/>");
  }

  /** A curve in steps, from left to right or back. */
  private void edge(StringBuilder path, double[] values, double scale, boolean forwards) {
    double width = (double) PLOT / PARTS;
    String before = "";
    for (int i = 0; i < PARTS; i++) {
      int part = forwards ? i : PARTS - 1 - i;
      String y = rounded(top + PANEL - values[part] * scale);
      if (y.equals(before)) {
        continue;
      }
      String x = rounded(LEFT + (forwards ? part : part + 1) * width);
      if (i > 0) {
        path.append('H').append(x).append('V').append(y);
      } else {
        path.append(forwards ? "M" : "L").append(x).append(' ').append(y);
      }
      before = y;
    }
    path.append('H').append(rounded(LEFT + (forwards ? PLOT : 0)));
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private void timeAxis() {
    Unit unit = Unit.of(endMs);
    double end = endMs / unit.ms;
    double step = roundStep(end / 9, unit.steps);
    int bottom = top + PANEL;
    line(
        String.format(
            Locale.ROOT,
            "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"black\"/>",
            LEFT,
            top,
            bottom,
            LEFT + PLOT));
    for (double value = 0; value <= end * (1 + 1e-9); value += step) {
      double x = LEFT + value / end * PLOT;
      line(
          String.format(
              Locale.ROOT,
              "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"black\"/>",
              x,
              bottom,
              x,
              bottom + 4));
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              x,
              bottom + 17,
              grouped(value)));
    }
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s since the first submission</text>",
            LEFT + PLOT / 2,
            bottom + 33,
            unit.text));
  }

  /** Units of the time axis, with the steps that people count in. */
  private record Unit(String text, double ms, List<Double> steps) {
    private static final List<Double> SIXTIES = List.of(1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0);
    private static final Unit SECONDS = new Unit("seconds", 1e3, SIXTIES);
    private static final Unit MINUTES = new Unit("minutes", 60e3, SIXTIES);
    private static final Unit HOURS =
        new Unit("hours", 3600e3, List.of(1.0, 2.0, 3.0, 6.0, 12.0, 24.0));
    private static final Unit DAYS = new Unit("days", 86400e3, List.of(1.0, 2.0, 5.0, 10.0));

    private static Unit of(long endMs) {
      if (endMs < 5 * MINUTES.ms) {
        return SECONDS;
      }
      if (endMs < 5 * HOURS.ms) {
        return MINUTES;
      }
      return endMs < 5 * DAYS.ms ? HOURS : DAYS;
    }
  }

  /** The least of the steps, times a power of ten if need be, that is at least so large. */
  private static double roundStep(double least, List<Double> steps) {
    for (double factor = 1; ; factor *= 10) {
      for (double step : steps) {
        if (step * factor >= least) {
          return step * factor;
        }
      }
    }
  }

  private static String grouped(double value) {
    return String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ');
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  /** Text for XML; characters that no XML document may have are left out. */
  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default -> {
                  boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
                  if (c >= ' ' && !surrogate && c != 0xFFFE && c != 0xFFFF) {
                    safe.appendCodePoint(c);
                  }
                }
              }
            });
    return safe.toString();
  }
}
