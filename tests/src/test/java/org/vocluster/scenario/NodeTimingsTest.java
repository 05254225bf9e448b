package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.scenario.Said.assertSays;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vocluster.pool.Await;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.SleepingImage;
import org.vocluster.vocpool.VocPool;

/** What is known of nodes afterwards: when what happened, and what they said before they failed. */
@Tag("pool")
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NodeTimingsTest {
  private static final String NODE_LOG = "/var/log/condor/VocNodeLog";

  /** With what a terminal obeys: red letters, and another title for the window. */
  private static final String SAID =
      "starting\r\n\033[31mKernel panic\033[0m: \033]0;title\007no root\r\n";

  private static final String READABLE = "Kernel panic: no root";

  private SizingSteps steps;
  private VocPool voc;

  @BeforeAll
  void poolWithoutAnyVoc() throws PoolException, InterruptedException {
    steps = SizingSteps.onPool("times", Suite.TRIXIE);
    voc = steps.voc();
  }

  @AfterAll
  void poolDown() throws PoolException {
    steps.close();
  }

  @AfterEach
  void clean() throws PoolException, InterruptedException {
    steps.clean();
  }

  @Test
  void everyMomentOfANodeIsKnownWhileItLivesAndAfterwards()
      throws PoolException, InterruptedException {
    steps
        .pool()
        .run(
            pool -> {
              String since = "--since=" + Instant.now().truncatedTo(ChronoUnit.SECONDS);
              steps.register(pool.definition("timed", "cms"));
              String job = pool.submit("alice", PayloadJobs.small(1, 5));
              long _ = steps.awaitExecuting(job);
              List<String> alive =
                  Await.until(
                      "the first claim of the node in voc nodes",
                      SizingSteps.SOON,
                      () -> timing("timed"),
                      cells -> known(cells) >= 7);
              assertEquals("busy", alive.get(3), alive.toString());
              assertEquals(
                  List.of("true"),
                  pool
                      .nodeAds("VocBootSeconds > 0 && VocBootSeconds < 300", "PartitionableSlot")
                      .stream()
                      .filter(line -> line.endsWith("true"))
                      .map(line -> line.replaceFirst(",.*", ""))
                      .toList());
              assertEquals(1, steps.awaitEnded(job, SizingSteps.BOOT).size());
              pool.awaitNothingLeft(SizingSteps.SOON.multipliedBy(2));

              List<String> ended =
                  Await.until(
                      "the end of the node in voc nodes",
                      SizingSteps.SOON,
                      () -> timing("timed"),
                      cells -> cells.contains("ended"));
              assertEquals(8, known(ended), ended::toString);
              List<Integer> order = ended.stream().skip(6).map(Integer::valueOf).toList();
              assertEquals(order.stream().sorted().toList(), order, "not in their order");
              String report =
                  pool.ap()
                      .run("voc", "report", "boot", since, "--csv", "timed")
                      .orThrow()
                      .stdout();
              int boot = order.get(3) - order.get(0);
              assertSays(report, "timed,Exec,FirstAd,1,%1$d,%1$d.0,%1$d,%1$d.0,\n".formatted(boot));
            });
  }

  @Test
  void whatANodeSaidThatNeverJoinedIsKeptOnBothSides() throws PoolException, InterruptedException {
    steps
        .pool()
        .run(
            pool -> {
              steps.restartWithKnobs("VOC_NODE_BOOT_SECONDS = 30\n");
              SleepingImage dud = SleepingImage.speakingIn(pool.pool(), "dud.qcow2", SAID);
              steps.register(
                  pool.definition("mute", "cms")
                      .with("Image", "\"" + dud.url() + "\"")
                      .with("ImageSha256", "\"" + dud.sha256() + "\""));
              String job = pool.submit("alice", PayloadJobs.small(1, 1));
              steps.awaitBooting("mute");
              String node = steps.nodes("mute").getFirst().text("VocNode");
              String paused = steps.awaitVoc("mute", "VocBreaker =!= \"\"");
              String file = "/var/log/condor/voc-consoles/" + node + ".log";
              assertSays(paused, "its console ends with", READABLE, file);
              String why = pool.ap().as("alice").run("voc", "why", job).orThrow().stdout();
              assertSays(why, READABLE);
              String kept = pool.ap().root().run("cat", file).orThrow().stdout();
              assertTrue(kept.endsWith("starting\n" + READABLE + "\n"), kept);

              String onHost =
                  Await.until(
                      "the console on a PAD host",
                      Duration.ofSeconds(40),
                      () -> onHosts("/var/lib/voc/consoles/" + node + ".log"),
                      text -> !text.isEmpty());
              assertEquals("starting\n" + READABLE + "\n", onHost);
              assertEquals("", onHosts("/var/lib/voc/consoles/running/" + node + ".*"));
              String log = pool.ap().root().run("grep", node, NODE_LOG).orThrow().stdout();
              assertSays(log, "\"Event\": \"end\"", READABLE);
              assertFalse(log.contains("FirstAd"), log);
              assertTrue(
                  pool.ap().run("voc", "report", "boot").orThrow().stdout().contains("mute "));
              // Before the restart: a sizer takes back only those VOC ads that it has published.
              steps.clean();
              steps.restartWithKnobs("");
            });
  }

  /** The cells of the only node of a VOC. */
  private List<String> timing(String name) throws PoolException, InterruptedException {
    List<String> lines = voc.ap().run("voc", "nodes", "--timing", name).orThrow().lines();
    return lines.size() < 2 ? List.of() : List.of(lines.get(1).split(" {2,}", -1));
  }

  /** How many moments besides the launch are known. */
  private static int known(List<String> cells) {
    return (int) cells.stream().skip(5).filter(cell -> !cell.equals("-")).count();
  }

  private String onHosts(String file) throws PoolException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (var host : voc.pool().executeHosts()) {
      found.add(host.root().sh("cat %s 2>/dev/null || true".formatted(file)).orThrow().stdout());
    }
    return String.join("", found);
  }
}
