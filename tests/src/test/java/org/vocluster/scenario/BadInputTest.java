package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.scenario.Said.assertComplains;
import static org.vocluster.scenario.Said.assertPrints;
import static org.vocluster.scenario.Said.assertSays;

import java.time.Duration;
import java.util.List;
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
 * What people and programs get wrong: each time a clear message where they look, no payload job
 * held for it, no endless resubmission, nothing left.
 */
@Tag("pool")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String ABSENT = "0123456789abcdef".repeat(4);

  private PoolOf pool;
  private VocPool voc;

  @BeforeAll
  void poolWithoutAnyVoc() throws PoolException, InterruptedException {
    pool = PoolOf.suite("bad", Suite.TRIXIE);
    voc = pool.voc();
  }

  @AfterAll
  void poolDown() throws PoolException {
    pool.close();
  }

  @AfterEach
  void cleanQueueAndDefinitions() throws PoolException, InterruptedException {
    voc.ap().root().sh("rm -f /etc/voc/vocs.d/*; pkill -CONT -f 'hook[.]Size'").orThrow();
    Await.until("an empty queue", SOON, this::removeJobs, List::isEmpty);
    voc.awaitNothingLeft(SOON);
    Await.until("sizing to serve no VOC", SOON, this::vocAds, List::isEmpty);
  }

  private List<String> vocAds() throws PoolException, InterruptedException {
    return voc.ap().run("condor_status", "-subsystem", "VOC", "-af", "Name").orThrow().lines();
  }

  /** The schedd leaves the spool directory of a job that is removed while its input arrives. */
  private List<String> removeJobs() throws PoolException, InterruptedException {
    voc.ap().root().sh("condor_rm -const 'HoldReasonCode =!= 16'");
    return voc.jobs("True", "ClusterId", "JobStatus");
  }

  @Test
  void brokenDefinitionIsNamedWithAllItsProblemsAndServesNobody()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          VocText broken =
              voc.definition("night", "atlas")
                  .with("Cpus", "\"many\"")
                  .with("ImageSha256", "\"beef\"")
                  .with("MaxNodes", "-3")
                  .without("MemoryMb");
          Result refused = voc.register(broken);
          assertEquals(1, refused.exit(), refused::toString);
          assertComplains(refused, "Cpus", "ImageSha256", "MaxNodes", "MemoryMb");
          assertTrue(voc.ap().root().sh("ls /etc/voc/vocs.d").orThrow().lines().isEmpty());

          voc.ap().write("/etc/voc/vocs.d/night.ad", broken.text(), "644");
          String job = submit("bob", "");
          String log = voc.awaitInSizeLog("night.ad");
          assertSays(log, "Cpus", "ImageSha256", "MaxNodes", "MemoryMb");
          assertIdleWithoutNodes(job);
        });
  }

  @Test
  void definitionThatIsNoClassAdIsNamedWithLineAndColumn()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.ap().write("/etc/voc/vocs.d/torn.ad", "[ Name = \"night\";\n VO = ; ]\n", "644");
          Result checked = voc.ap().run("voc", "check", "/etc/voc/vocs.d/torn.ad");
          assertEquals(1, checked.exit(), checked::toString);
          assertComplains(checked, "torn.ad", "line 2");
          String log = voc.awaitInSizeLog("torn.ad: is no ClassAd");
          assertSays(log, "line 2");
        });
  }

  @Test
  void missingImageIsNamedOnThePadHostAndInTheSizeLog() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(VocText.of("night", "atlas", VocPool.SHARE_URL + "nowhere.qcow2", ABSENT))
              .orThrow();
          String job = submit("bob", "");
          awaitImageError("nowhere.qcow2");
          String log = voc.awaitInSizeLog("nowhere.qcow2");
          assertSays(log, "night");
          assertNoNodeStarts(job);
        });
  }

  @Test
  void imageOfAnotherDigestIsRefusedWithBothDigests() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          voc.register(VocText.of("night", "atlas", VocPool.SHARE_URL + "vo.qcow2", ABSENT))
              .orThrow();
          String job = submit("bob", "");
          String error = awaitImageError(ABSENT);
          assertSays(error, voc.image().sha256());
          assertNoNodeStarts(job);
          for (Host host : voc.pool().executeHosts()) {
            List<String> files = host.root().sh("ls -A /var/lib/voc/images").orThrow().lines();
            assertTrue(
                files.stream().noneMatch(file -> file.contains(ABSENT)),
                () -> host.name() + ": " + files);
          }
        });
  }

  @Test
  void imageFromElsewhereThanTheHostAllowsIsNotFetched()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Result tricky =
              voc.register(
                  VocText.of("night", "atlas", "file:///srv/share/../../etc/shadow", ABSENT));
          assertEquals(1, tricky.exit(), tricky::toString);
          assertComplains(tricky, "Image");

          voc.register(VocText.of("night", "atlas", "file:///etc/shadow", ABSENT)).orThrow();
          String error = awaitImageError("VOC_IMAGE_URLS");
          assertSays(error, "/etc/shadow");
        });
  }

  @Test
  void jobOfAUserInNoVoIsAnOrdinaryOne() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Result submitted = submission("carol", "");
          assertTrue(submitted.ok(), submitted::toString);
          assertFalse(submitted.stderr().contains("voc:"), submitted::toString);
          String job = submitted.stdout().strip().replaceFirst(" .*", "");
          Await.until(
              "carol's ordinary job to be done on a PAD slot",
              SOON,
              () -> voc.jobs("Owner == \"carol\"", "JobStatus", "HoldReason"),
              List::isEmpty);
          assertTrue(job.matches("\\d+\\.0"), job);
        });
  }

  @Test
  void jobThatClaimsAnotherVoIsRefused() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Result alice = submission("alice", "+VocVO = \"atlas\"");
          assertFalse(alice.ok());
          assertComplains(alice, "user alice is not in VO atlas but in cms");
          Result carol = submission("carol", "+VocVO = \"atlas\"");
          assertFalse(carol.ok());
          assertComplains(carol, "user carol is not in VO atlas nor in any other");
          String job = submit("alice", "");
          Result changed = voc.ap().as("alice").run("condor_qedit", job, "VocVO", "\"atlas\"");
          assertFalse(changed.ok(), changed::toString);
          assertEquals(List.of("cms"), voc.jobs("Owner == \"alice\"", "VocVO"));
        });
  }

  @Test
  void nodeJobFromAUserIsRefused() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Result refused = submission("alice", "+VocNodeJob = True\n+VocVO = \"cms\"");
          assertFalse(refused.ok());
          assertComplains(refused, "only from the account voc-cms");
        });
  }

  @Test
  void ordinaryJobThatAsksForTheHookIsHeldWithTheRemedy()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          String job = submit("carol", "+HookKeyword = \"VOC\"");
          voc.awaitStatus(job, 5, SOON);
          String reason = voc.jobs("Owner == \"carol\"", "HoldReason").getFirst();
          assertSays(reason, "VocNodeJob", "HookKeyword");
        });
  }

  @Test
  void forgedNodeJobIsHeldWithEachLieNamed() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          // Sizing would remove a node job that it does not want before it runs.
          voc.ap().root().sh("pkill -STOP -f 'hook[.]Size'").orThrow();
          voc.ap()
              .write(
                  "/home/voc-cms/forged.sub",
                  """
                  executable = /bin/sleep
                  arguments = 100
                  transfer_executable = false
                  +HookKeyword = "VOC"
                  +VocNodeJob = True
                  +VocVO = "cms"
                  +Voc = "cms"
                  +VocNode = "../../../../tmp/evil\\nSTART = True"
                  +VocImage = "../../etc/shadow"
                  +VocMemoryMb = 1000000
                  +VocDiskMb = 10
                  +VocCpus = 64
                  queue
                  """,
                  "644");
          String job =
              voc.ap()
                  .as("voc-cms")
                  .run("condor_submit", "-terse", "forged.sub")
                  .orThrow()
                  .stdout()
                  .strip()
                  .replaceFirst(" .*", "");
          voc.awaitStatus(job, 5, SOON);
          String reason = voc.jobs("Owner == \"voc-cms\"", "HoldReason").getFirst();
          assertSays(reason, "VocNode", "VocImage");
        });
  }

  @Test
  void prepareJobFedGarbageAnswersInProtocolAndNeverFails()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Host pad = voc.pool().executeHosts().getFirst();
          for (String garbage :
              List.of(
                  "", "garbage", "\\000\\377\\200\\n\\n=", "VocNodeJob = true\\nVocVO = [[[[")) {
            Result answer =
                pad.root()
                    .sh(
                        "cd /var/tmp; printf '%s' | /usr/libexec/voc/prepare-job $(condor_config_val VOC_HOOK_PREPARE_JOB_ARGS)"
                            .formatted(garbage))
                    .orThrow();
            assertPrints(answer, "HookStatusCode = ", "HookStatusMessage = \"voc: ");
            assertFalse(answer.stdout().contains("HookStatusCode = 0"), answer::toString);
            assertFalse(answer.stdout().contains("Exception"), answer::toString);
          }
        });
  }

  private Result submission(String user, String extra) throws PoolException, InterruptedException {
    voc.ap()
        .write(
            "/home/%s/job.sub".formatted(user),
            "executable = /bin/true\ntransfer_executable = false\nshould_transfer_files = yes\n%s\nqueue\n"
                .formatted(extra),
            "644");
    return voc.ap().as(user).run("condor_submit", "-terse", "job.sub");
  }

  private String submit(String user, String extra) throws PoolException, InterruptedException {
    return submission(user, extra).orThrow().stdout().strip().replaceFirst(" .*", "");
  }

  private String awaitImageError(String text) throws PoolException, InterruptedException {
    return Await.until(
            "'%s' in VocImageErrors of the PAD hosts".formatted(text),
            SOON,
            () -> voc.padSlots("Machine", "VocImageErrors"),
            slots -> slots.stream().allMatch(slot -> slot.contains(text)))
        .getFirst();
  }

  private void assertIdleWithoutNodes(String job) throws PoolException, InterruptedException {
    voc.awaitNegotiation();
    voc.awaitStatus(job, 1, SOON);
    assertEquals(List.of(), voc.nodeJobs("ClusterId", "VocNode", "JobStatus"));
  }

  /** Node jobs may wait for the image in the queue, but no more of them than the VOC may have. */
  private void assertNoNodeStarts(String job) throws PoolException, InterruptedException {
    voc.awaitNegotiation();
    voc.awaitNegotiation();
    voc.awaitStatus(job, 1, SOON);
    List<String> nodes = voc.nodeJobs("ClusterId", "JobStatus");
    assertTrue(nodes.size() <= 1, nodes::toString);
    assertTrue(
        nodes.stream().allMatch(node -> node.endsWith(", 1") || node.endsWith(",1")),
        nodes::toString);
  }
}
