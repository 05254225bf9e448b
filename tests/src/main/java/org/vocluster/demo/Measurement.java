package org.vocluster.demo;

/**
 * A figure of the report.
 *
 * @param unit "s", "ms" or "ratio"
 * @param goal the value it should not exceed, in the same unit
 * @param source where both ends of it were read
 */
public record Measurement(String name, double value, String unit, double goal, String source) {
  public boolean reached() {
    return value <= goal;
  }
}
