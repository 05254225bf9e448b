package org.vocluster.cli.node;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How measured values are spread.
 *
 * @param median of an even number of values the mean of the two in the middle
 * @param deviation the standard deviation of a sample (n - 1); none of a single value
 */
record Spread(
    int count,
    double minimum,
    double median,
    double maximum,
    double average,
    OptionalDouble deviation) {

  /** The spread of the values; empty if there is none. */
  static Optional<Spread> of(Collection<Long> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    int count = sorted.length;
    double average = Arrays.stream(sorted).average().orElseThrow();
    double squares = 0;
    for (long value : sorted) {
      squares += (value - average) * (value - average);
    }
    return Optional.of(
        new Spread(
            count,
            sorted[0],
            (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0,
            sorted[count - 1],
            average,
            count > 1
                ? OptionalDouble.of(Math.sqrt(squares / (count - 1)))
                : OptionalDouble.empty()));
  }
}
