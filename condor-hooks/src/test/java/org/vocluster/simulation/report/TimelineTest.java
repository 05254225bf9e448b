package org.vocluster.simulation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TimelineTest {
  @Test
  void aSeriesIsItsMeanOverEachPart() {
    Timeline timeline = new Timeline();
    timeline.add(Timeline.Series.BUSY, 4);
    timeline.keep(0);
    timeline.add(Timeline.Series.BUSY, -2);
    timeline.keep(500);
    timeline.add(Timeline.Series.BUSY, -2);
    timeline.keep(1500);
    double[] means = timeline.means(Timeline.Series.BUSY, 2000, 2000, 2);
    assertEquals(3, means[0], 1e-9);
    assertEquals(1, means[1], 1e-9);
    assertEquals(4, timeline.peak(Timeline.Series.BUSY));
  }
}
