package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.vocluster.scenario.Said.assertComplains;
import static org.vocluster.scenario.Said.assertPrints;
import static org.vocluster.scenario.Said.assertSays;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * What {@code voc why} says to users without any privilege, for whatever can keep a job waiting
 * without a node being booted; and that {@code voc plan} says what sizing would do and does
 * nothing.
 */
@Tag("pool")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExplainTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String ABSENT = "0123456789abcdef".repeat(4);
  private static final String NEVER = "requirements = TARGET.Machine =?= \"nowhere\"";

  private PoolOf pool;
  private VocPool voc;

  @BeforeAll
  void poolWithoutAnyVoc() throws PoolException, InterruptedException {
    pool = PoolOf.suite("why", Suite.TRIXIE);
    voc = pool.voc();
  }

  @AfterAll
  void poolDown() throws PoolException {
    pool.close();
  }

  @AfterEach
  void cleanQueueAndDefinitions() throws PoolException, InterruptedException {
    voc.ap()
        .root()
        .sh("rm -f /etc/voc/vocs.d/*; condor_rm -all; pkill -CONT -f 'hook[.]Size'")
        .orThrow();
    Await.until(
        "an empty queue", SOON, () -> voc.jobs("True", "ClusterId", "JobStatus"), List::isEmpty);
  }

  @Test
  void userInNoVoIsToldSoWithTheMap() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          String job = submit("carol", NEVER);
          assertWhySays(
              "carol",
              job,
              "of carol: idle since",
              "user carol was in no VO of this access point",
              "-> ask the administrator to add the user to /etc/voc/users.map");
        });
  }

  @Test
  void voWithoutDefinitionIsToldSoWithAllFaultsOfBrokenOnes()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          VocText broken = voc.definition("night", "atlas").with("Cpus", "\"many\"");
          voc.ap().write("/etc/voc/vocs.d/night.ad", broken.without("DiskMb").text(), "644");
          String job = submit("bob", "");
          assertWhySays(
              "bob",
              job,
              "of bob, VO atlas: idle since",
              "no valid VOC definition is registered for VO atlas",
              "definition night has faults",
              "Cpus",
              "DiskMb");
        });
  }

  @Test
  void jobThatNoNodeTakesIsToldTheResourceOrTheClause() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(withoutImage()).orThrow();
          String large = submit("alice", "request_cpus = 64");
          String picky = submit("alice", "requirements = OpSys == \"WINDOWS\" && HasSquid");
          assertWhySays(
              "alice",
              large,
              "it asks for more than a node of VOC night offers: 64 cpus asked, 1 offered",
              "-> lower request_cpus");
          assertWhySays(
              "alice",
              picky,
              "its Requirements refuse every node of VOC night:",
              "OpSys == \"WINDOWS\" is false where the slot's OpSys is \"LINUX\"",
              "HasSquid is undefined where neither job nor slot has HasSquid",
              "condor_qedit");
          String table = why("alice", "--verbose " + picky).orThrow().stdout();
          assertSays(
              table,
              "conditions between the job and an empty node of VOC night:",
              "TARGET.VocVO =?= MY.VocVO");
        });
  }

  @Test
  void imageThatNoHostHoldsIsNamedWithWhatTheHostsSay() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(withoutImage()).orThrow();
          String job = submit("alice", "");
          awaitSays(
              "alice",
              job,
              "VO cms, VOC night: idle since",
              "1 node job of VOC night waits for a PAD slot; none of 2 PAD hosts can run it",
              "pad1.site.test, pad2.site.test: does not hold image 0123456789ab",
              "nowhere.qcow2",
              "VOC_IMAGE_URLS");
          // The node job explains itself too, to anybody.
          String node = voc.nodeJobs("ClusterId").getFirst().strip();
          awaitSays("carol", node, "does not hold image 0123456789ab");
        });
  }

  @Test
  void nodesThatFitNowhereAreToldSo() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(withoutImage().with("Cpus", "16")).orThrow();
          String job = submit("alice", "request_cpus = 8");
          awaitSays(
              "alice",
              job,
              "is too small: 16 cpus asked, 2 there",
              "-> the administrator makes the VOC's nodes smaller");
        });
  }

  @Test
  void vosThatNoHostAcceptsAreToldSo() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          for (Host host : voc.pool().executeHosts()) {
            host.write("/etc/condor/config.d/95-vos.conf", "VOC_VOS = atlas\n", "644");
            host.run("condor_reconfig").orThrow();
          }
          try {
            voc.register(withoutImage()).orThrow();
            String job = submit("alice", "");
            awaitSays(
                "alice",
                job,
                "pad1.site.test, pad2.site.test: takes no nodes of this VO (VOC_VOS is atlas)",
                "-> the administrator adds the VO to VOC_VOS");
          } finally {
            for (Host host : voc.pool().executeHosts()) {
              host.run("rm", "/etc/condor/config.d/95-vos.conf").orThrow();
              host.run("condor_reconfig").orThrow();
            }
          }
        });
  }

  @Test
  void maximumThatIsReachedIsTold() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(withoutImage()).orThrow();
          String first = submit("alice", "");
          String second = submit("alice", "");
          awaitSays("alice", second, "MaxNodes is 1", "ask the administrator to raise that limit");
          assertEquals(1, voc.nodeJobs("ClusterId").size());
          awaitSays("bob", first, "of alice, VO cms");
        });
  }

  @Test
  void jobsThatDoNotWaitAreToldApart() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          String held = submit("alice", "hold = true");
          assertWhySays("alice", held, ": held since", "it is on hold: submitted on hold");
          voc.ap().as("alice").run("condor_rm", held).orThrow();
          awaitSays("alice", held, ": removed since", "via condor_rm (by user alice)");
          String ordinary = submit("carol", "");
          awaitSays("carol", ordinary, ": completed since", "exit status 0");
          Result none = why("alice", "4711");
          assertEquals(1, none.exit(), none::toString);
          assertPrints(none, "neither in the queue of cm.site.test nor in its history");
          Result garbage = why("alice", "'-all users'");
          assertEquals(2, garbage.exit(), garbage::toString);
        });
  }

  @Test
  void kindsOfJobsOfOneSubmissionAreToldApart() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(withoutImage()).orThrow();
          String cluster = submit("alice", "queue 2\nhold = true").replaceFirst("\\..*", "");
          awaitSays(
              "alice",
              cluster,
              "job " + cluster + ".0 and 1 like it of alice",
              "job " + cluster + ".2 of alice",
              "it is on hold");
        });
  }

  @Test
  void collectorThatCannotBeReachedIsSaidBesideWhatIsKnown()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(withoutImage()).orThrow();
          String job = submit("alice", "");
          Await.until(
              "a node job", SOON, () -> voc.nodeJobs("ClusterId"), nodes -> nodes.size() == 1);
          Result alone =
              voc.ap()
                  .as("alice")
                  .sh("_CONDOR_COLLECTOR_HOST=127.0.0.1:1 voc why " + job)
                  .orThrow();
          assertPrints(
              alone,
              "1 node job of VOC night waits for a PAD slot",
              "not known, so this may not be all: the VOCs' ads");
        });
  }

  @Test
  void planSaysWhatSizingWouldDoAndDoesNothing() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.ap().root().sh("pkill -STOP -f 'hook[.]Size'").orThrow();
          voc.register(withoutImage()).orThrow();
          String job = submit("alice", "");
          String bobs = submit("bob", "");
          Result plan = voc.ap().run("voc", "plan").orThrow();
          assertPrints(
              plan,
              "VOC night of VO cms: submit",
              "demand: 1 job (" + job + ")",
              "1 in new nodes",
              "-> submit 1 node",
              "1 job of VO atlas gets no node (" + bobs + "): no valid VOC definition");
          Result ads = voc.ap().run("voc", "plan", "--long", "night").orThrow();
          assertPrints(ads, "VocDecision = \"submit\"");
          Result user = voc.ap().as("alice").run("voc", "plan");
          assertEquals(4, user.exit(), user::toString);
          assertComplains(user, "run this as root");
          assertEquals(List.of(), voc.nodeJobs("ClusterId"));

          voc.ap().root().sh("pkill -CONT -f 'hook[.]Size'").orThrow();
          Await.until(
              "the node job that was planned",
              SOON,
              () -> voc.nodeJobs("ClusterId"),
              nodes -> nodes.size() == 1);
          Result after = voc.ap().run("voc", "plan", "night").orThrow();
          assertPrints(after, "-> nothing to do", "queued since");
        });
  }

  /** A definition that makes node jobs which stay queued: no host has the image. */
  private VocText withoutImage() {
    return VocText.of("night", "cms", VocPool.SHARE_URL + "nowhere.qcow2", ABSENT);
  }

  private String submit(String user, String extra) throws PoolException, InterruptedException {
    voc.ap()
        .write(
            "/home/%s/job.sub".formatted(user),
            """
            executable = /bin/true
            transfer_executable = false
            should_transfer_files = yes
            %s
            queue
            """
                .formatted(extra),
            "644");
    return voc.ap()
        .as(user)
        .run("condor_submit", "-terse", "job.sub")
        .orThrow()
        .stdout()
        .strip()
        .replaceFirst(" .*", "");
  }

  private Result why(String user, String arguments) throws PoolException, InterruptedException {
    return voc.ap().as(user).sh("voc why " + arguments);
  }

  private void assertWhySays(String user, String job, String... texts)
      throws PoolException, InterruptedException {
    Result said = why(user, job).orThrow();
    assertPrints(said, texts);
    assertFalse(
        (said.stdout() + said.stderr()).toLowerCase(Locale.ROOT).contains("exception:"),
        said::toString);
  }

  private void awaitSays(String user, String job, String... texts)
      throws PoolException, InterruptedException {
    Await.until(
        "%s in what voc why says of %s".formatted(List.of(texts), job),
        SOON,
        () -> why(user, job).orThrow().stdout(),
        said -> List.of(texts).stream().allMatch(said::contains));
    assertWhySays(user, job, texts);
  }
}
