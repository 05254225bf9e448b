package org.vocluster.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.simulation.ASimulation.all;
import static org.vocluster.simulation.ASimulation.ofVo;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.simulation.report.Report;
import org.vocluster.simulation.report.Report.Metric;

class SimulationTest {
  private static void assertBetween(double least, double most, double value) {
    assertTrue(value >= least && value <= most, () -> value + " is not in " + least + "–" + most);
  }

  /**
   * The demo's second chapter: submitted at 166.6 s, node job matched and running at 172.2, joined
   * at 186.3 after a boot of 14.2 s, the job ran at 190.0, so 23.4 s after its submission.
   */
  @Test
  void oneJobFromZeroWaitsAboutAsLongAsTheDemoMeasured() {
    Report report = new ASimulation().voc("cms", "cms", "").jobs(1, "cms", 0, 30, 1).report();
    assertBetween(20, 25, all(report, Metric.WAIT_MAX));
    assertEquals(1, all(report, Metric.NODES_STARTED));
    assertEquals(1, all(report, Metric.FINISHED));
    assertEquals(14.0 / 3600, all(report, Metric.BOOTING_HOURS), 1e-9);
  }

  @Test
  void aJobOnANodeThatIsThereWaitsOnlyForTheNegotiation() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "")
            .jobs(1, "cms", 0, 30, 2)
            .jobs(1, "cms", 70, 30, 2)
            .report();
    assertEquals(1, all(report, Metric.NODES_STARTED));
    assertBetween(20, 25, all(report, Metric.WAIT_MAX));
    assertBetween(0.5, 6, 2 * all(report, Metric.WAIT_MEAN) - all(report, Metric.WAIT_MAX));
  }

  @Test
  void anIdleNodeLeavesAfterItsTime() {
    Report report = new ASimulation().voc("cms", "cms", "").jobs(1, "cms", 0, 30, 1).report();
    // IdleSeconds 60, looked at every 30 s, and a claim that had not begun when the node joined.
    assertBetween(60, 96, all(report, Metric.IDLE_HOURS) * 3600);
    assertEquals(3.0 / 3600, all(report, Metric.LEAVING_HOURS), 1e-9);
    assertEquals(0, all(report, Metric.NODES_KILLED));
  }

  @Test
  void thirtyMixedJobsGetAsManyNodesAsTheyFill() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "")
            .jobs(20, "cms", 0, 600, 1)
            .jobs(10, "cms", 0, 600, 2)
            .hosts("10x8cpu,32GB,1TB")
            .report();
    assertEquals(30, all(report, Metric.FINISHED));
    assertEquals(20, all(report, Metric.NODES_STARTED));
    assertBetween(20, 30, all(report, Metric.WAIT_MAX));
  }

  @Test
  void twoVosWithQuotasTwoToOneShareTheHostsTwoToOne() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "")
            .voc("atlas", "atlas", "")
            .jobs(2000, "cms", 0, 600, 2)
            .jobs(2000, "atlas", 0, 600, 2)
            .hosts("3x8cpu,64GB,1TB")
            .quotas(Map.of("group_voc.cms", 16.0, "group_voc.atlas", 8.0), true)
            .until(20_000)
            .report();
    assertEquals(
        2.0,
        ofVo(report, "cms", Metric.NODE_HOURS) / ofVo(report, "atlas", Metric.NODE_HOURS),
        0.05);
    assertBetween(95, 100, all(report, Metric.NODES_OF_HOSTS));
  }

  @Test
  void aVoAloneGetsEverythingIfSurplusIsAccepted() {
    Map<String, Double> quotas = Map.of("group_voc.cms", 16.0, "group_voc.atlas", 8.0);
    ASimulation alone =
        new ASimulation()
            .voc("atlas", "atlas", "")
            .jobs(500, "atlas", 0, 600, 2)
            .hosts("3x8cpu,64GB,1TB")
            .until(10_000);
    assertEquals(12, all(alone.quotas(quotas, true).report(), Metric.NODES_PEAK));
    assertEquals(4, all(alone.quotas(quotas, false).report(), Metric.NODES_PEAK));
  }

  @Test
  void withoutQuotasVosAreEqual() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "")
            .voc("atlas", "atlas", "")
            .jobs(1000, "cms", 0, 600, 2)
            .jobs(1000, "atlas", 0, 600, 2)
            .hosts("3x8cpu,64GB,1TB")
            .until(20_000)
            .report();
    assertEquals(
        1.0,
        ofVo(report, "cms", Metric.NODE_HOURS) / ofVo(report, "atlas", Metric.NODE_HOURS),
        0.05);
  }

  @Test
  void aJobThatSaysItIsLongerThanNodesLiveGetsNoNode() {
    Report silent =
        new ASimulation()
            .voc("cms", "cms", "LifetimeSeconds = 600;")
            .jobs(1, "cms", 0, 2_000_000, 1)
            .report();
    assertEquals(1, all(silent, Metric.GIVEN_UP));
    assertEquals(3, all(silent, Metric.NODES_STARTED));
    Report saying =
        new ASimulation()
            .voc("cms", "cms", "LifetimeSeconds = 600;")
            .jobsSayTheirLength()
            .jobs(1, "cms", 0, 2_000_000, 1)
            .report();
    assertEquals(0, all(saying, Metric.NODES_STARTED));
    assertTrue(
        saying.unserved().getFirst().why().contains("longer than nodes live"),
        saying.unserved().getFirst().why());
  }

  @Test
  void aJobThatSaysHowLongItIsStartsInNoNodeThatDiesBefore() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "LifetimeSeconds = 6000;")
            .jobsSayTheirLength()
            .jobs(1, "cms", 0, 5000, 1)
            .jobs(1, "cms", 1500, 5000, 1)
            .jobs(1, "cms", 1500, 60, 1)
            .report();
    assertEquals(2, all(report, Metric.NODES_STARTED), "the first has no time left at 1500 s");
    assertEquals(3, all(report, Metric.FINISHED));
  }

  @Test
  void forAJobThatNoNodeTakesNoNodeIsStarted() {
    Report report = new ASimulation().voc("cms", "cms", "").jobs(3, "cms", 0, 60, 16).report();
    assertEquals(0, all(report, Metric.NODES_STARTED));
    assertEquals(3, all(report, Metric.NEVER_STARTED));
    Report.Unserved unserved = report.unserved().getFirst();
    assertEquals(3, unserved.jobs());
    assertEquals("1", unserved.example());
    assertTrue(unserved.why().startsWith("it asks for 16 cpus"), unserved.why());
  }

  @Test
  void jobsOfAVoWithoutDefinitionAreUnserved() {
    Report report = new ASimulation().voc("cms", "cms", "").jobs(2, "lhcb", 0, 60, 1).report();
    assertEquals(2, all(report, Metric.NEVER_STARTED));
    assertEquals(
        "no valid VOC definition is registered for VO lhcb", report.unserved().getFirst().why());
  }

  @Test
  void nodesThatNeverJoinAreFewAndTheSimulationEnds() {
    Report report =
        new ASimulation().voc("cms", "cms", "").jobs(5, "cms", 0, 60, 2).failures(1).report();
    assertEquals(5, all(report, Metric.NEVER_STARTED));
    assertEquals(all(report, Metric.NODES_STARTED), all(report, Metric.NODES_FAILED));
    // Seven days, then it is given up: five nodes at first, then one probe after the other.
    assertBetween(5, 5 + 7 * 24 * 4, all(report, Metric.NODES_STARTED));
    assertEquals(0, all(report, Metric.BUSY_HOURS));
  }

  @Test
  void aJobLongerThanNodesLiveIsGivenUp() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "LifetimeSeconds = 600")
            .jobs(1, "cms", 0, 10_000, 1)
            .report();
    assertEquals(1, all(report, Metric.GIVEN_UP));
    assertEquals(2, all(report, Metric.RESTARTED));
    assertEquals(0, all(report, Metric.FINISHED));
    assertEquals(3, all(report, Metric.NODES_KILLED));
    // Three runs of at most 600 s and the hour that HTCondor leaves a node.
    assertBetween(3, 3.5, all(report, Metric.LOST_CPU_HOURS));
  }

  @Test
  void aNodePastItsTimeFinishesItsJobAndTakesNoOther() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "LifetimeSeconds = 600; MaxNodes = 1")
            .jobs(3, "cms", 0, 500, 2)
            .report();
    assertEquals(3, all(report, Metric.FINISHED));
    assertEquals(2, all(report, Metric.NODES_STARTED));
    assertEquals(0, all(report, Metric.RESTARTED));
  }

  @Test
  void jobsOfOneUserFollowEachOtherInAClaim() {
    Report report =
        new ASimulation().voc("cms", "cms", "MaxNodes = 1").jobs(10, "cms", 0, 100, 2).report();
    assertEquals(10, all(report, Metric.FINISHED));
    // Half a second for each next one, and no negotiation.
    assertBetween(900, 935, all(report, Metric.WAIT_MAX));
  }

  @Test
  void usersOfOneVoShareItsNodes() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "MaxNodes = 2")
            .jobs(40, "cms", "ann", 0, 100, 1)
            .jobs(4, "cms", "bob", 0, 100, 1)
            .report();
    assertEquals(44, all(report, Metric.FINISHED));
    assertEquals(2, all(report, Metric.NODES_PEAK));
  }

  @Test
  void anEndThatIsAskedForCutsTheWorkOff() {
    Report report =
        new ASimulation().voc("cms", "cms", "").jobs(1, "cms", 0, 100_000, 1).until(1000).report();
    assertEquals(1000 / 3600.0, report.hours(), 1e-9);
    assertEquals(0, all(report, Metric.FINISHED));
    assertEquals(0, all(report, Metric.NEVER_STARTED));
    assertBetween(40, 50, all(report, Metric.USED_OF_NODES));
  }

  @Test
  void nodesBootAsLongAsTheirDistributionSays() {
    Report report =
        new ASimulation()
            .voc("cms", "cms", "")
            .jobs(200, "cms", 0, 60, 2)
            .hosts("50x8cpu,64GB,1TB")
            .boot(100, 20)
            .report();
    assertEquals(200, all(report, Metric.NODES_STARTED));
    // The mean of 200 deviates by 20 / sqrt(200) = 1.4 s.
    assertEquals(100, all(report, Metric.BOOTING_HOURS) * 3600 / 200, 5);
  }

  private static ASimulation random(long seed) {
    Random random = new Random(seed);
    ASimulation simulation =
        new ASimulation()
            .voc(
                "cms",
                "cms",
                "MaxNodes = %d; IdleSeconds = %d; LifetimeSeconds = %d"
                        .formatted(
                            1 + random.nextInt(8),
                            10 + random.nextInt(300),
                            1000 + random.nextInt(5000))
                    + "; Cpus = 2; MemoryMb = 4096; DiskMb = 20480")
            .voc("atlas", "atlas", "MaxNodes = 5")
            .boot(40, 20)
            .failures(random.nextInt(3) == 0 ? 0.2 : 0)
            .seed(seed);
    int at = 0;
    for (int i = 0; i < 40; i++) {
      at += random.nextInt(400);
      simulation.jobs(
          1 + random.nextInt(5),
          random.nextBoolean() ? "cms" : "atlas",
          "user" + random.nextInt(3),
          at,
          1 + random.nextInt(900),
          1 + random.nextInt(2));
    }
    return simulation;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void noJobIsLostAndNodeHoursAddUp(long seed) {
    Report report = random(seed).report();
    for (Report.Row row : report.rows()) {
      double jobs = row.value(Metric.JOBS);
      assertEquals(jobs, row.value(Metric.FINISHED) + row.value(Metric.GIVEN_UP), row::toString);
      assertEquals(0, row.value(Metric.NEVER_STARTED));
      assertEquals(
          row.value(Metric.NODE_HOURS),
          row.value(Metric.BUSY_HOURS)
              + row.value(Metric.BOOTING_HOURS)
              + row.value(Metric.IDLE_HOURS)
              + row.value(Metric.LEAVING_HOURS)
              + row.value(Metric.FAILED_HOURS),
          1e-9);
      assertTrue(row.value(Metric.USED_OF_NODES) <= 100, row::toString);
    }
    assertEquals(
        all(report, Metric.NODE_HOURS),
        ofVo(report, "cms", Metric.NODE_HOURS) + ofVo(report, "atlas", Metric.NODE_HOURS),
        1e-9);
    assertTrue(ofVo(report, "cms", Metric.NODES_PEAK) <= 8);
    assertTrue(ofVo(report, "atlas", Metric.NODES_PEAK) <= 5);
  }

  @Test
  void theSameSeedGivesTheSameAndAnotherOneAnother() {
    Simulator.Result first = random(7).run();
    assertEquals(first, random(7).run());
    assertTrue(!first.equals(random(7).seed(8).run()));
  }
}
