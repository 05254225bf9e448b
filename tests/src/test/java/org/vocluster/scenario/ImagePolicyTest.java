package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.scenario.Said.assertSays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vocluster.pool.Await;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.ConfiguredImage;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * An image with a START and attributes of its own, and a definition with NodeAttributes: a job that
 * asks for what only the image has gets a node that shows it, a job that asks for what the
 * definition says runs in it too, and one that the image's START refuses does not and is told so.
 */
@Tag("pool")
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
final class ImagePolicyTest {
  private static final Duration BOOT_AND_RUN = Duration.ofMinutes(6);
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration LEAVING = Duration.ofMinutes(3);
  private static final String SETTINGS =
      """
      START = TARGET.ProjectName =!= "forbidden"
      MAXJOBRETIREMENTTIME = 1234
      HasOwnThing = True
      STARTD_ATTRS = $(STARTD_ATTRS) HasOwnThing
      """;

  @Test
  void theImageSaysWhatItHasAndWhomItTakes() throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("policy", Suite.TRIXIE)) {
      pool.run(ImagePolicyTest::scenario);
    }
  }

  private static void scenario(VocPool voc) throws PoolException, InterruptedException {
    ConfiguredImage image = ConfiguredImage.of(voc.image(), SETTINGS);
    voc.register(
            VocText.of("own", "cms", share(voc, image.file()), image.sha256())
                .with("IdleSeconds", "60")
                .with("NodeAttributes", "[ HasSquid = true; SquidSite = \"T2 #1\" ]"))
        .orThrow();
    String ofImage = submit(voc, "requirements = TARGET.HasOwnThing");
    Await.until(
        "a word about the node that is to show it",
        SOON,
        () -> why(voc, ofImage),
        said -> said.contains("only a node of VOC own can show: HasOwnThing"));
    assertRan(voc, ofImage);

    // Raw: a START printed by its value would be what it is for no job.
    String slot =
        voc.ap()
            .root()
            .sh(
                "condor_status -long -constraint"
                    + " 'VocNode isnt undefined && SlotType =?= \"Partitionable\"'")
            .orThrow()
            .stdout();
    assertSays(
        slot.replace("=!= True", "=!= true"),
        "VocImageStart = TARGET.ProjectName =!= \"forbidden\"\n",
        "HasSquid = true\n",
        "SquidSite = \"T2 #1\"\n",
        "HasOwnThing = true\n",
        "\nStart = (TARGET.VocVO =?= MY.VocVO) && (time() < MY.VocDeathTime) &&"
            + " ((TARGET.VocRunSeconds > MY.VocDeathTime - time()) =!= true) && MY.VocImageStart\n");

    String ofDefinition =
        submit(voc, "requirements = TARGET.HasSquid && TARGET.SquidSite == \"T2 #1\"");
    assertRan(voc, ofDefinition);

    String refused = submit(voc, "My.ProjectName = \"forbidden\"");
    String said =
        Await.until(
            "the image's START in what is said of the job",
            SOON,
            () -> why(voc, refused),
            words -> words.contains("refuse it (START)"));
    assertSays(said, "TARGET.ProjectName =!= \"forbidden\"", "of the same image has shown");
    assertTrue(voc.endings(refused).isEmpty());

    voc.ap().as("alice").sh("condor_rm " + refused).orThrow();
    voc.awaitNothingLeft(LEAVING);
    assertFalse(
        voc.ap()
            .root()
            .sh("cat /var/lib/voc/tokens/.shown-nodes.ads")
            .orThrow()
            .stdout()
            .isBlank());
  }

  private static void assertRan(VocPool voc, String cluster)
      throws PoolException, InterruptedException {
    List<Ending> endings =
        Await.until(
            "end of job " + cluster, BOOT_AND_RUN, () -> voc.endings(cluster), e -> !e.isEmpty());
    assertTrue(endings.getFirst().node().startsWith("own-"), endings.toString());
  }

  private static String submit(VocPool voc, String line)
      throws PoolException, InterruptedException {
    return voc.submit("alice", PayloadJobs.small(1, 1).with(line));
  }

  private static String why(VocPool voc, String cluster)
      throws PoolException, InterruptedException {
    return voc.ap().as("alice").sh("voc why " + cluster).orThrow().stdout();
  }

  private static String share(VocPool voc, Path file) throws PoolException {
    try {
      Files.copy(file, voc.pool().share().resolve("own.qcow2"));
      return VocPool.SHARE_URL + "own.qcow2";
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(file, e), e);
    }
  }
}
