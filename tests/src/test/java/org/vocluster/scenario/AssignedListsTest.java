package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.vocluster.scenario.Said.assertPrints;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * A site's file that HTCondor reads after ours and that assigns what ours add to: what binds jobs
 * and nodes to their VO is gone then. Sizing serves nobody, and everybody who looks is told the
 * file; once it is mended, nodes are asked for again.
 */
@Tag("pool")
final class AssignedListsTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String LOCAL = "/etc/condor/condor_config.local";

  static List<Suite> suites() {
    return Suites.chosen();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void whoeverAssignsOurListsIsToldAndServedAgainWhenMended(Suite suite)
      throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("assign" + (suite == Suite.SID ? "new" : "old"), suite)) {
      pool.run(
          voc -> {
            assertPrints(voc.ap().run("voc", "status"), "is what VOC rests on");
            listsOnTheAccessPoint(voc);
            requirementOfTheCollector(voc);
            cronJobsOfAHost(voc);
          });
    }
  }

  private static void listsOnTheAccessPoint(VocPool voc)
      throws PoolException, InterruptedException {
    voc.register(withoutImage()).orThrow();
    configure(
        voc.ap(),
        """
        JOB_TRANSFORM_NAMES = SiteSpot
        JOB_TRANSFORM_SiteSpot = SET SiteSpot True
        SUBMIT_REQUIREMENT_NAMES = SiteReq
        SUBMIT_REQUIREMENT_SiteReq = True
        """);
    assertPrints(
        voc.ap().run("voc", "status"),
        "NO NODE IS ASKED FOR, for whatever VO:",
        "SUBMIT_REQUIREMENT_NAMES of schedd cm.site.test does not name VocVOIsOwn, VocNodeJobIsOwn"
            + " (said last in "
            + LOCAL
            + ")",
        "-> let that file say SUBMIT_REQUIREMENT_NAMES = $(SUBMIT_REQUIREMENT_NAMES)",
        "JOB_TRANSFORM_NAMES of schedd cm.site.test does not name VocJob");
    awaitSays(voc, "the schedd's ad", "condor_status -schedd -af VocSizerState", "unsafe");
    String job = submit(voc, "+VocVO = \"cms\"");
    awaitSays(
        voc,
        "the file in what is said of a job",
        "voc why " + job,
        "asks for no nodes, for whatever VO",
        "does not name VocVOIsOwn");
    assertEquals(List.of(), voc.nodeJobs("ClusterId"));
    voc.ap().run("condor_rm", job).orThrow();

    configure(voc.ap(), "");
    String honest = submit(voc, "");
    Await.until("a node job", SOON, () -> voc.nodeJobs("ClusterId"), nodes -> nodes.size() == 1);
    assertPrints(voc.ap().run("voc", "status"), "is what VOC rests on");
    voc.ap().run("condor_rm", honest).orThrow();
    Await.until("none any more", SOON, () -> voc.nodeJobs("ClusterId"), List::isEmpty);
  }

  private static void requirementOfTheCollector(VocPool voc)
      throws PoolException, InterruptedException {
    configure(voc.pool().centralManager(), "COLLECTOR_REQUIREMENTS = Name =!= \"bad\"\n");
    awaitSays(
        voc,
        "what the collector lets in",
        "voc status",
        "COLLECTOR_REQUIREMENTS of collector ",
        "accepts a node of one VO that says it is another's");
    configure(voc.pool().centralManager(), "");
    awaitSays(voc, "that it is mended", "voc status", "is what VOC rests on");
  }

  private static void cronJobsOfAHost(VocPool voc) throws PoolException, InterruptedException {
    for (Host host : voc.pool().executeHosts()) {
      configure(host, "STARTD_CRON_JOBLIST = SITE_PROBE\n");
      host.run("condor_restart", "-startd").orThrow();
    }
    String job = submit(voc, "");
    awaitSays(
        voc,
        "the knob in what is said of a job",
        "voc why " + job,
        "pad1.site.test",
        "STARTD_CRON_JOBLIST",
        "condor_config_val -name pad");
    for (Host host : voc.pool().executeHosts()) {
      configure(host, "");
    }
  }

  private static void configure(Host host, String text) throws PoolException, InterruptedException {
    host.write(LOCAL, text, "644");
    host.run("condor_reconfig").orThrow();
    // A daemon reads its configuration a moment after it was told to.
    Await.until(
        "the daemons to have read it",
        SOON,
        () ->
            host.root()
                .sh("condor_config_val -dump >/dev/null; sleep 2; echo read")
                .orThrow()
                .stdout(),
        said -> said.contains("read"));
  }

  private static void awaitSays(VocPool voc, String what, String command, String... texts)
      throws PoolException, InterruptedException {
    Await.until(
        what,
        SOON,
        () -> voc.ap().root().sh(command).stdout(),
        said -> List.of(texts).stream().allMatch(said::contains));
  }

  /** A definition that makes node jobs which stay queued: no host has the image. */
  private static VocText withoutImage() {
    return VocText.of(
        "night", "cms", VocPool.SHARE_URL + "nowhere.qcow2", "0123456789abcdef".repeat(4));
  }

  private static String submit(VocPool voc, String extra)
      throws PoolException, InterruptedException {
    voc.ap()
        .write(
            "/home/alice/job.sub",
            """
            executable = /bin/true
            transfer_executable = false
            should_transfer_files = yes
            requirements = TARGET.Machine =!= "nowhere"
            %s
            queue
            """
                .formatted(extra),
            "644");
    return voc.ap()
        .as("alice")
        .run("condor_submit", "-terse", "job.sub")
        .orThrow()
        .stdout()
        .strip()
        .replaceFirst(" .*", "");
  }
}
