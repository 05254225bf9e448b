package org.vocluster.measure;

import java.util.OptionalDouble;

/**
 * A figure of the report.
 *
 * @param unit "s", "ms" or "ratio"
 * @param goal the value it should not exceed, in the same unit; none for a figure that only another
 *     one is compared with
 * @param source where both ends of it were read
 */
public record Measurement(
    String name, double value, String unit, OptionalDouble goal, String source) {
  public boolean reached() {
    return goal.isEmpty() || value <= goal.getAsDouble();
  }
}
