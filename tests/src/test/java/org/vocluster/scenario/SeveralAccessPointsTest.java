package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * A pool with two access points, "cm" beside the collector and "ap2" on a host of its own: one
 * sizer for both, then by mistake a second one, then only the second.
 */
@Tag("pool")
final class SeveralAccessPointsTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Duration BOOT = Duration.ofMinutes(4);

  /** So long is waited for nodes that must not come. */
  private static final Duration QUIET = Duration.ofSeconds(15);

  static List<Suite> suites() {
    return Suites.chosen();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void oneSizerServesAllSchedds(Suite suite) throws PoolException, InterruptedException {
    PoolPlan plan = PoolPlan.of(new PoolName("aps" + suite.debianName()), suite, 1, 2);
    try (PoolOf pool = PoolOf.of(plan)) {
      pool.run(
          voc -> {
            Host other = voc.pool().otherAccessPoints().getFirst();
            try (QueueWatch here = QueueWatch.of(voc.ap());
                QueueWatch there = QueueWatch.of(other)) {
              serveAllSchedds(voc);
              VocText definition =
                  voc.definition("both", "cms").with("MaxNodes", "9").with("IdleSeconds", "20");
              voc.register(definition).orThrow();
              voc.awaitImage(voc.image().sha256());

              jobOfTheOtherAccessPointRuns(other, here, there);
              secondSizerStandsBy(voc, other, definition, here, there);
              secondSizerGoesOnAlone(voc, other, here, there);
            }
          });
    }
  }

  private static void serveAllSchedds(VocPool voc) throws PoolException, InterruptedException {
    voc.ap().write("/etc/condor/config.d/99-scenario.conf", "VOC_SIZE_SCHEDDS = *\n", "644");
    voc.ap().run("condor_restart", "-schedd").orThrow();
  }

  private static void jobOfTheOtherAccessPointRuns(Host other, QueueWatch here, QueueWatch there)
      throws PoolException, InterruptedException {
    String job = submit(other, 1, 1);
    awaitNodes(here, 1);
    var _ =
        there.await(
            "job " + job + " to end",
            BOOT,
            jobs -> jobs.stream().anyMatch(j -> j.id().equals(job + ".0") && !j.isQueued()));
    assertEquals(
        List.of("4, 0"),
        other.run("condor_history", job, "-af:,", "JobStatus", "ExitCode").orThrow().lines());
    var _ =
        here.await("the node to leave", SOON, jobs -> jobs.stream().noneMatch(QueuedJob::isQueued));
    assertEquals(1, here.jobs(QueuedJob::isNode).size(), () -> QueueWatch.shown(here.jobs()));
  }

  private static void secondSizerStandsBy(
      VocPool voc, Host other, VocText definition, QueueWatch here, QueueWatch there)
      throws PoolException, InterruptedException {
    voc.closeHosts();
    here.forgetEnded();
    other.write("/root/both.ad", definition.text(), "644");
    other.run("voc", "register", "/root/both.ad").orThrow();
    awaitDecision(voc, "ap2", "standby");
    submit(other, 2, 1);
    awaitNodes(here, 2);
    long end = System.nanoTime() + QUIET.toNanos();
    Await.until("nodes that must not come", QUIET.plus(SOON), () -> end < System.nanoTime());
    assertEquals(2, here.jobs(QueuedJob::isNode).size(), () -> QueueWatch.shown(here.jobs()));
    assertEquals(0, there.jobs(QueuedJob::isNode).size(), () -> QueueWatch.shown(there.jobs()));
  }

  private static void secondSizerGoesOnAlone(
      VocPool voc, Host other, QueueWatch here, QueueWatch there)
      throws PoolException, InterruptedException {
    voc.ap().run("voc", "unregister", "both").orThrow();
    awaitNodes(here, 0);
    awaitNodes(there, 2);
    other.run("condor_rm", "-all").orThrow();
    awaitNodes(there, 0);
  }

  /** Submits jobs of alice on an access point, and returns their cluster. */
  private static String submit(Host accessPoint, int count, int seconds)
      throws PoolException, InterruptedException {
    return accessPoint
        .as("alice")
        .input(PayloadJobs.small(count, seconds).text())
        .run("condor_submit", "-terse")
        .orThrow()
        .stdout()
        .strip()
        .replaceFirst("\\..*", "");
  }

  private static void awaitNodes(QueueWatch queue, int count)
      throws PoolException, InterruptedException {
    var _ =
        queue.await(
            count + " node jobs in the queue",
            SOON,
            jobs -> jobs.stream().filter(j -> j.isNode() && j.isQueued()).count() == count);
  }

  private static void awaitDecision(VocPool voc, String accessPoint, String decision)
      throws PoolException, InterruptedException {
    String constraint =
        "MyType == \"VOC\" && VocDecision == \"%s\" && VocAccessPoint == \"%s.site.test\""
            .formatted(decision, accessPoint);
    var _ =
        Await.until(
            "the sizer of %s to decide %s".formatted(accessPoint, decision),
            SOON,
            () ->
                voc.ap()
                    .run("condor_status", "-any", "-const", constraint, "-af", "VocReason")
                    .orThrow()
                    .lines(),
            lines -> lines.size() == 1);
  }
}
