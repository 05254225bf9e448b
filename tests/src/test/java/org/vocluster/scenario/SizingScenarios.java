package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vocluster.scenario.Said.assertSays;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vocluster.bench.Reaction;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.PayloadJobs.Request;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.Story;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * VOCs are as large as their demand on a real pool, whatever happens to the parts of HTCondor and
 * to sizing itself. Throughout: no payload job is lost or held, each runs to completion, and there
 * are never more node jobs than the jobs need.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SizingScenarios {
  /** All scenarios with both versions of HTCondor, and more repetitions. */
  private static final boolean ALL = Boolean.getBoolean("voc.scenarios.all");

  /**
   * With which version a scenario runs if not {@link #ALL} are asked for. They are shared out so
   * that both take as long; what depends on HTCondor most runs with both.
   */
  private static final String ON_23 = "condor-23";

  private static final String ON_25 = "condor-25";

  private static final Duration OUTAGE = Duration.ofSeconds(60);
  private static final long SEED = 20_261_123;

  private final Suite suite;
  private SizingSteps steps;
  private VocPool voc;

  SizingScenarios(Suite suite) {
    this.suite = suite;
  }

  @BeforeAll
  void poolWithoutAnyVoc() throws PoolException, InterruptedException {
    steps = SizingSteps.onPool("size", suite);
    voc = steps.voc();
  }

  @AfterAll
  void poolDown() throws PoolException {
    steps.close();
  }

  @BeforeEach
  void chosen(TestInfo test) {
    assumeTrue(
        ALL || test.getTags().contains(suite == Suite.TRIXIE ? ON_23 : ON_25),
        "runs on %s only with -Dvoc.scenarios.all=true".formatted(suite));
  }

  @AfterEach
  void clean() throws PoolException, InterruptedException {
    steps.clean();
  }

  @Test
  @Tag(ON_23)
  @Tag(ON_25)
  void oneJobGetsOneNodeWhichLeavesByItself() throws PoolException, InterruptedException {
    run(
        () -> {
          steps.register(small("one", "cms"));
          String job = voc.submit("alice", PayloadJobs.small(1, 1));
          assertAllSucceeded(1, steps.awaitEnded(job, SizingSteps.BOOT));
          voc.awaitNothingLeft(SizingSteps.SOON.multipliedBy(2));
          assertEquals(1, steps.nodes("one").size(), this::shown);
        });
  }

  /**
   * Nodes of 2 cpus and 1536 MB, of which the guest's kernel keeps some. The 6 jobs of 2 cpus fill
   * a node each, the 6 of 900 MB need a node each and leave room for a small one, and the 12 small
   * ones that are left go two by two: 18 nodes, and no arrangement needs fewer, since the jobs ask
   * for 36 cpus.
   */
  @Test
  @Tag(ON_23)
  void jobsOfMixedSizesGetNoMoreNodesThanTheyCanBePackedInto()
      throws PoolException, InterruptedException {
    run(
        () -> {
          steps.register(small("mixed", "cms").with("Cpus", "2").with("MemoryMb", "1536"));
          PayloadJobs jobs =
              PayloadJobs.small(18, 1).and(6, new Request(1, 900)).and(6, new Request(2, 300));
          String cluster = voc.submit("alice", jobs);
          assertAllSucceeded(30, steps.awaitEnded(cluster, SizingSteps.BOOT.multipliedBy(2)));
          List<QueuedJob> nodes = steps.nodes("mixed");
          assertEquals(18, QueuedJob.mostAtOnce(nodes, node -> true), this::shown);
          assertEquals(18, nodes.size(), this::shown);
        });
  }

  @Test
  @Tag(ON_25)
  void twoVosAtOnceGetANodeEachOfTheirOwn() throws PoolException, InterruptedException {
    run(
        () -> {
          steps.register(small("ours", "cms"));
          steps.register(small("theirs", "atlas"));
          String alices = voc.submit("alice", PayloadJobs.small(1, 1));
          String bobs = voc.submit("bob", PayloadJobs.small(1, 1));
          assertAllSucceeded(1, steps.awaitEnded(alices, SizingSteps.BOOT));
          assertAllSucceeded(1, steps.awaitEnded(bobs, SizingSteps.BOOT));
          assertEquals(
              names(steps.nodes("ours")),
              List.of(voc.endings(alices).getFirst().node()),
              this::shown);
          assertEquals(
              names(steps.nodes("theirs")),
              List.of(voc.endings(bobs).getFirst().node()),
              this::shown);
        });
  }

  @Test
  @Tag(ON_23)
  @Tag(ON_25)
  void jobThatNoNodeCanRunGetsNoneAndTheReasonIsSaid() throws PoolException, InterruptedException {
    run(
        () -> {
          voc.closeHosts();
          steps.register(small("tiny", "cms"));
          String giant =
              voc.submit(
                  "alice", new PayloadJobs(1, List.of(new Request(1, 1_000_000)), List.of()));
          String log = voc.awaitInSizeLog("job %s.0 of VO cms".formatted(giant));
          assertSays(log, "get no node", "tiny");
          // A job after it shows that the sizer was not just slow: that one gets its node at once.
          String small = voc.submit("alice", PayloadJobs.small(1, 1));
          steps.awaitNodes("tiny", 1);
          voc.ap().run("condor_rm", small).orThrow();
          steps.awaitNodes("tiny", 0);
          assertEquals(1, steps.nodes("tiny").size(), this::shown);
          assertEquals(List.of("1"), voc.jobs("ClusterId == " + giant, "JobStatus"));
        });
  }

  @Test
  @Tag(ON_25)
  void queuedNodesGoWhenDemandVanishes() throws PoolException, InterruptedException {
    run(
        () -> {
          voc.closeHosts();
          steps.register(small("gone", "cms"));
          String cluster = voc.submit("alice", PayloadJobs.small(5, 1));
          steps.awaitNodes("gone", 5);
          voc.ap().run("condor_rm", cluster).orThrow();
          steps.awaitNodes("gone", 0);
          assertEquals(5, steps.nodes("gone").size(), this::shown);
        });
  }

  @Test
  @Tag(ON_23)
  void bootingNodeLeavesWhenDemandVanishes() throws PoolException, InterruptedException {
    run(
        () -> {
          steps.register(small("late", "cms"));
          String cluster = voc.submit("alice", PayloadJobs.small(1, 1));
          steps.awaitBooting("late");
          voc.ap().run("condor_rm", cluster).orThrow();
          voc.awaitNothingLeft(SizingSteps.SOON.multipliedBy(2));
          assertEquals(1, steps.nodes("late").size(), this::shown);
        });
  }

  /** Its IdleSeconds are over in an hour only: it goes since sizing tells it to, and it obeys. */
  @Test
  @Tag(ON_23)
  @Tag(ON_25)
  void idleNodeOfAnOlderDefinitionIsToldToLeave() throws PoolException, InterruptedException {
    run(
        () -> {
          VocText first = small("aged", "cms").with("MinNodes", "1").with("IdleSeconds", "3600");
          steps.register(first);
          Await.until(
              "an idle node in the pool",
              SizingSteps.BOOT,
              () -> voc.ap().run("voc", "nodes", "aged").orThrow().stdout(),
              nodes -> nodes.contains(" idle "));
          steps.register(first.with("MemoryMb", "1100").with("MinNodes", "0"));
          voc.awaitNothingLeft(SizingSteps.SOON.multipliedBy(2));
          assertEquals(1, steps.nodes("aged").size(), this::shown);
          String log = voc.ap().run("voc", "log", "--voc=aged").orThrow().stdout();
          assertSays(log, "the definition has changed");
        });
  }

  /**
   * Two nodes are tried at first, then none, then one at a time; sizing is restarted meanwhile and
   * remembers. With an image that boots the VOC works at once, whatever the breaker's pause.
   */
  @Test
  @Tag(ON_25)
  void imageThatNeverBootsIsTriedOneNodeAtATimeUntilItIsMended()
      throws PoolException, InterruptedException {
    run(
        () -> {
          steps.restartWithKnobs("VOC_NODE_BOOT_SECONDS = 30\n");
          VocText mended = small("dud", "cms");
          String empty = voc.shareEmptyImage("empty.qcow2");
          steps.register(
              mended
                  .with("Image", "\"" + VocPool.SHARE_URL + "empty.qcow2\"")
                  .with("ImageSha256", "\"" + empty + "\""));
          String cluster = voc.submit("alice", PayloadJobs.small(2, 1));
          steps.awaitNodes("dud", 2);
          String opened = steps.awaitVoc("dud", "VocBreaker =!= \"\"");
          steps.awaitNodes("dud", 0);

          steps.awaitNodes("dud", 1);
          steps.awaitNodes("dud", 0);
          String again = steps.awaitVoc("dud", "VocBreakers[0].Times == 2");
          steps.restartWithKnobs("");
          String remembered = steps.awaitVoc("dud", "VocBreakers[0].Times == 2");

          steps.register(mended);
          assertAllSucceeded(2, steps.awaitEnded(cluster, SizingSteps.BOOT));
          String closed = steps.awaitVoc("dud", "VocBreaker == \"\"");
          List<QueuedJob> nodes = steps.nodes("dud");
          List<QueuedJob> probes =
              nodes.stream().skip(2).filter(node -> node.text("VocImage").equals(empty)).toList();
          assertEquals(1, QueuedJob.mostAtOnce(probes, node -> true), this::shown);
          for (String said : List.of(opened, again, remembered)) {
            assertSays(said, "paused");
          }
          assertFalse(closed.contains("paused"), closed);
        });
  }

  /** Ways in which a schedd goes down and comes back. */
  enum ScheddRestart {
    BY_THE_ADMINISTRATOR,
    KILLED
  }

  @ParameterizedTest
  @EnumSource
  @Tag(ON_23)
  void jobsAndNodesSurviveARestartOfTheSchedd(ScheddRestart way)
      throws PoolException, InterruptedException {
    assumeTrue(ALL || way == ScheddRestart.KILLED);
    run(
        () -> {
          steps.register(small("again", "cms").with("MaxNodes", "1"));
          String running = voc.submit("alice", PayloadJobs.small(1, 25));
          long since = steps.awaitExecuting(running);
          String idle = voc.submit("alice", PayloadJobs.small(1, 1));
          long sizer = steps.awaitSizer(0).pid();
          switch (way) {
            case BY_THE_ADMINISTRATOR -> voc.ap().run("condor_restart", "-schedd").orThrow();
            case KILLED -> steps.signal("KILL", "condor_schedd");
          }
          var _ = steps.awaitSizer(sizer);
          assertAllSucceeded(1, steps.awaitEnded(running, SizingSteps.BOOT));
          assertAllSucceeded(1, steps.awaitEnded(idle, SizingSteps.BOOT));
          assertEquals(since, voc.endings(running).getFirst().executingSince(), "work was lost");
          assertEquals(1, steps.nodes("again").size(), this::shown);
        });
  }

  /** Ways in which a collector does not answer. */
  enum CollectorOutage {
    STUCK,
    OFF
  }

  /**
   * A job runs in a node through the outage, and two come meanwhile. The node of the first is as
   * good as they need, but not before the first is done, so that each may get one of its own.
   */
  @ParameterizedTest
  @EnumSource
  @Tag(ON_25)
  void collectorsOutageLosesNoJobAndMakesNoSurplus(CollectorOutage way)
      throws PoolException, InterruptedException {
    assumeTrue(ALL || way == CollectorOutage.OFF);
    run(
        () -> {
          steps.register(small("blind", "cms"));
          String running = voc.submit("alice", PayloadJobs.small(1, (int) OUTAGE.toSeconds() + 10));
          long since = steps.awaitExecuting(running);
          long end = System.nanoTime() + OUTAGE.toNanos();
          String first;
          String second;
          List<QueuedJob> blind;
          begin(way);
          try {
            first = voc.submit("alice", PayloadJobs.small(1, 1));
            second = voc.submit("alice", PayloadJobs.small(1, 1));
            Await.until(
                "the end of the outage",
                OUTAGE.plus(SizingSteps.SOON),
                () -> System.nanoTime() - end > 0);
            blind = steps.nodes("blind");
          } finally {
            end(way);
          }
          assertTrue(blind.size() <= 3, this::shown);
          assertAllSucceeded(1, steps.awaitEnded(running, SizingSteps.BOOT));
          assertEquals(since, voc.endings(running).getFirst().executingSince(), "work was lost");
          assertAllSucceeded(1, steps.awaitEnded(first, SizingSteps.BOOT));
          assertAllSucceeded(1, steps.awaitEnded(second, SizingSteps.BOOT));
          // A collector that was restarted knows no node until each has told it again, and forgets
          // how to reach those behind a NAT: each waiting job may get one more node for that.
          int surplus = way == CollectorOutage.OFF ? 2 : 0;
          assertTrue(steps.nodes("blind").size() <= 3 + surplus, this::shown);
        });
  }

  private void begin(CollectorOutage way) throws PoolException, InterruptedException {
    switch (way) {
      case STUCK -> steps.signal("STOP", "condor_collector");
      case OFF -> voc.ap().run("condor_off", "-fast", "-collector").orThrow();
    }
  }

  private void end(CollectorOutage way) throws PoolException, InterruptedException {
    switch (way) {
      case STUCK -> steps.signal("CONT", "condor_collector");
      case OFF -> voc.ap().run("condor_on", "-collector").orThrow();
    }
  }

  /**
   * A job is submitted, and the sizer killed up to 600 ms later: before it saw the job, while it
   * makes tokens, while condor_submit runs, or after. Again and again, then the nodes may start.
   */
  @Test
  @Tag(ON_23)
  void sizerKilledAtRandomMomentsNeitherForgetsNorDoublesNodes()
      throws PoolException, InterruptedException {
    int kills = ALL ? 10 : 4;
    Random random = new Random(SEED);
    run(
        () -> {
          voc.closeHosts();
          steps.register(small("killed", "cms").with("MaxNodes", "100"));
          List<String> clusters = new ArrayList<>();
          for (int i = 0; i < kills; i++) {
            long sizer = steps.awaitSizer(0).pid();
            long kill = System.nanoTime() + random.nextLong(600_000_000);
            clusters.add(voc.submit("alice", PayloadJobs.small(1, 1)));
            Await.until(
                "the moment of the kill", SizingSteps.SOON, () -> System.nanoTime() - kill > 0);
            voc.ap().run("kill", "-KILL", Long.toString(sizer)).orThrow();
            var _ = steps.awaitSizer(sizer);
          }
          steps.awaitNodes("killed", kills);
          voc.openHosts();
          for (String cluster : clusters) {
            assertAllSucceeded(1, steps.awaitEnded(cluster, SizingSteps.BOOT));
          }
          List<QueuedJob> nodes = steps.nodes("killed");
          assertEquals(kills, QueuedJob.mostAtOnce(nodes, node -> true), this::shown);
          assertEquals(kills, nodes.size(), this::shown);
        });
  }

  @Test
  @Tag(ON_23)
  void secondSizerByMistakeDoesNotDoubleTheNodes() throws PoolException, InterruptedException {
    run(
        () -> {
          voc.closeHosts();
          steps.register(small("twice", "cms"));
          Host.HostProcess first = steps.awaitSizer(0);
          voc.ap()
              .root()
              .sh(
                  "setsid setpriv --reuid=condor --regid=condor --init-groups %s >/dev/null 2>&1 &"
                      .formatted(first.commandLine()))
              .orThrow();
          var _ = steps.awaitSizer(first.pid());
          String cluster = voc.submit("alice", PayloadJobs.small(3, 1));
          steps.awaitNodes("twice", 3);
          voc.awaitInSizeLog("another size hook holds it");
          assertEquals(3, steps.nodes("twice").size(), this::shown);
          assertEquals(1, steps.sizers().size());
          assertFalse(cluster.isEmpty());
        });
  }

  @Test
  @Tag(ON_23)
  void submitIsFollowedByANodeJobSoon() throws PoolException, InterruptedException {
    run(
        () -> {
          voc.closeHosts();
          steps.register(small("quick", "cms"));
          List<Reaction.Sample> samples =
              Reaction.measure(voc, steps.queue(), ALL ? 50 : 10, Story.SILENT);
          for (Reaction.Figure figure : Reaction.figures(samples)) {
            System.out.println(suite + ": " + figure);
            // Far above the goals: a loaded machine is no fault.
            assertTrue(figure.maximum() < 10, figure::toString);
          }
        });
  }

  /** One that an administrator holds is named and replaced. */
  @Test
  void nodeJobOnHoldDoesNotStopTheVoc() throws PoolException, InterruptedException {
    steps
        .pool()
        .run(
            pool -> {
              voc.closeHosts();
              steps.register(small("site", "cms"));
              var _ = voc.submit("alice", PayloadJobs.small(2, 1));
              steps.awaitNodes("site", 2);
              Await.until(
                  "both node jobs to have their files",
                  SizingSteps.SOON,
                  () -> voc.jobs("VocNodeJob =?= True && JobStatus == 1", "ClusterId"),
                  jobs -> jobs.size() == 2);
              String first = names(steps.nodes("site")).getFirst();
              root("condor_hold -const 'VocNode == \"%s\"'".formatted(first));
              String ad = steps.awaitVoc("site", "VocNodesHeld == 1 && VocNodesIdle == 2");
              assertSays(ad, "1 node job is on hold", "via condor_hold", "which sizing removes at");
            });
  }

  private void root(String command) throws PoolException, InterruptedException {
    voc.ap().root().sh(command).orThrow();
  }

  /** What a scenario does and asserts. */
  @FunctionalInterface
  private interface Steps {
    void run() throws PoolException, InterruptedException;
  }

  /** Runs a scenario, and asserts what all have in common. */
  private void run(Steps scenario) throws PoolException, InterruptedException {
    steps
        .pool()
        .run(
            voc -> {
              scenario.run();
              List<QueuedJob> held = steps.queue().jobs(QueuedJob::wasHeld);
              assertEquals(List.of(), held, () -> QueueWatch.shown(held));
              List<String> nodes = names(steps.queue().jobs(QueuedJob::isNode));
              assertEquals(nodes.size(), new HashSet<>(nodes).size(), this::shown);
            });
  }

  /** One node of one core for each job, which leaves soon; many of them, if many are wanted. */
  private VocText small(String name, String vo) {
    return voc.definition(name, vo).with("MaxNodes", "100").with("IdleSeconds", "20");
  }

  private static void assertAllSucceeded(int jobs, List<Ending> endings) {
    assertEquals(jobs, endings.size(), endings::toString);
    assertTrue(endings.stream().allMatch(Ending::succeeded), endings::toString);
    Set<String> ids = endings.stream().map(Ending::id).collect(Collectors.toSet());
    assertEquals(jobs, ids.size(), endings::toString);
  }

  private static List<String> names(List<QueuedJob> nodes) {
    return nodes.stream().map(QueuedJob::node).toList();
  }

  private String shown() {
    return QueueWatch.shown(steps.queue().jobs());
  }
}
