package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.VocPool;

/**
 * A claim arrives while its node is about to leave: the job either is refused before it starts and
 * goes elsewhere, or runs to its end. It is never started and then evicted.
 */
@Tag("pool")
final class LeavingRaceTest {
  private static final boolean ALL = Suites.ALL;
  private static final int ATTEMPTS = ALL ? 100 : 14;
  private static final int LEAVES = ALL ? 5 : 1;

  private static final int IDLE_SECONDS = 15;

  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration MATCH = Duration.ofSeconds(60);
  private static final long SEED = 20261123;

  /** A claim's arrival after a submission differs between pools: the attempts home in on it. */
  private static final int FIRST_OFFSET_MS = 900;

  private static final int FIRST_STEP_MS = 800;
  private static final int LEAST_STEP_MS = 100;

  private final Random random = new Random(SEED);

  static List<Suite> suites() {
    return Suites.chosen();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void jobThatMeetsALeavingNodeIsNeverStartedAndEvicted(Suite suite)
      throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("leave" + suite.debianName(), suite)) {
      pool.run(
          voc -> {
            voc.register(voc.definition("cms", "cms").with("IdleSeconds", "600")).orThrow();
            voc.awaitImage(voc.image().sha256());
            Jobs jobs = new Jobs(voc);
            jobs.submit();
            String node = awaitNode(voc, "");
            jobs.awaitDone();
            drainUnderClaims(voc, jobs, node);
            leaveForGood(voc, jobs, node);
            if (ALL) {
              leaveByThemselves(voc, jobs);
            }
            jobs.assertNoneWasDisturbed();
          });
    }
  }

  /** Tells the node to leave and takes it back, again and again while a claim is on its way. */
  private void drainUnderClaims(VocPool voc, Jobs jobs, String node)
      throws PoolException, InterruptedException {
    // Sizing has its own opinion on drained nodes.
    voc.ap().root().sh("pkill -STOP -f 'hook[.]Size'").orThrow();
    int offset = FIRST_OFFSET_MS;
    int step = FIRST_STEP_MS;
    boolean wasEarly = true;
    int drained = 0;
    int claimed = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      jobs.submit();
      boolean early = drain(voc, node, Math.max(0, offset + random.nextInt(-step / 2, step / 2)));
      if (attempt > 0 && early != wasEarly) {
        step = Math.max(LEAST_STEP_MS, step / 2);
      }
      wasEarly = early;
      if (early) {
        drained++;
        offset += step;
        voc.ap().root().sh(pause(random.nextInt(400)) + "voc resume " + node).orThrow();
        Await.until(
            "node %s to take jobs again".formatted(node),
            MATCH,
            () -> voc.nodeAds("State"),
            states -> states.contains("Unclaimed"));
        voc.ap().run("condor_reschedule").orThrow();
      } else {
        claimed++;
        offset -= step;
      }
      jobs.awaitDone();
    }
    System.out.printf(
        "%s: %d attempts: %d times drained before the claim, %d times claimed before, %d claims refused%n",
        voc.pool().suite(), ATTEMPTS, drained, claimed, refusedClaims(voc));
    assertTrue(drained > 0 && claimed > 0, "both sides of the race must be met");
    voc.ap().root().sh("pkill -CONT -f 'hook[.]Size'").orThrow();
  }

  /** Ends nodes as sizing does, drain first, while jobs arrive; each time another node comes. */
  private void leaveForGood(VocPool voc, Jobs jobs, String firstNode)
      throws PoolException, InterruptedException {
    String node = firstNode;
    for (int leave = 0; leave < LEAVES; leave++) {
      jobs.submit();
      int tries = 0;
      while (!drain(voc, node, random.nextInt(FIRST_OFFSET_MS))) {
        jobs.awaitDone();
        jobs.submit();
        tries++;
        assertTrue(tries < 20, "the node was never found without a claim");
      }
      voc.ap().root().run("condor_rm", "-const", "VocNode == \"" + node + "\"").orThrow();
      node = awaitNode(voc, node);
      jobs.awaitDone();
    }
  }

  /** Nodes whose startd shuts itself down, each with a job that comes at about that time. */
  private void leaveByThemselves(VocPool voc, Jobs jobs)
      throws PoolException, InterruptedException {
    voc.register(voc.definition("brief", "cms").with("IdleSeconds", Integer.toString(IDLE_SECONDS)))
        .orThrow();
    for (int leave = 0; leave < LEAVES; leave++) {
      jobs.submit("-append", "requirements = Voc == \"brief\"");
      jobs.awaitDone();
      // It looks every ten seconds whether the time is over.
      int offset = random.nextInt(IDLE_SECONDS * 1000 - 2000, IDLE_SECONDS * 1000 + 11_000);
      voc.ap().root().sh(pause(offset)).orThrow();
      jobs.submit("-append", "requirements = Voc == \"brief\"");
      jobs.awaitDone();
    }
  }

  /** Whether the node took the order; false if it has a claim. */
  private static boolean drain(VocPool voc, String node, int offsetMs)
      throws PoolException, InterruptedException {
    Result result = voc.ap().root().sh(pause(offsetMs) + "voc drain " + node);
    assertTrue(result.exit() == 0 || result.exit() == 1, result::toString);
    assertEquals(result.exit() == 1, result.stderr().contains("has a job"), result::toString);
    return result.exit() == 0;
  }

  /** The offset is the experiment's variable, not a wait for something. */
  private static String pause(int ms) {
    return String.format(Locale.ROOT, "sleep %.3f; ", ms / 1000.0);
  }

  private static String awaitNode(VocPool voc, String except)
      throws PoolException, InterruptedException {
    return Await.until(
            "a node in the pool, other than '%s'".formatted(except),
            BOOT,
            () ->
                voc.nodeAds("VocNode").stream()
                    .filter(node -> !node.equals(except))
                    .distinct()
                    .toList(),
            nodes -> !nodes.isEmpty())
        .getFirst();
  }

  private static long refusedClaims(VocPool voc) throws PoolException, InterruptedException {
    return voc
        .ap()
        .root()
        .sh("grep -c 'Request was NOT accepted for claim' /var/log/condor/SchedLog || true")
        .orThrow()
        .lines()
        .stream()
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /** Alice's short jobs, all with one event log. */
  private static final class Jobs {
    private static final String LOG = "race.log";

    private final VocPool voc;
    private final List<String> clusters = new ArrayList<>();

    Jobs(VocPool voc) throws PoolException, InterruptedException {
      this.voc = voc;
      voc.ap()
          .write(
              "/home/alice/race.sub",
              """
              executable = /bin/sleep
              arguments = 1
              transfer_executable = false
              should_transfer_files = yes
              log = %s
              request_memory = 64
              request_disk = 1MB
              queue
              """
                  .formatted(LOG),
              "644");
    }

    void submit(String... options) throws PoolException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("condor_submit", "-terse"));
      command.addAll(List.of(options));
      command.add("race.sub");
      clusters.add(
          voc.ap()
              .as("alice")
              .run(command.toArray(String[]::new))
              .orThrow()
              .stdout()
              .strip()
              .replaceFirst("\\..*", ""));
    }

    void awaitDone() throws PoolException, InterruptedException {
      Await.until(
          "alice's jobs to be done",
          BOOT,
          () -> voc.jobs("Owner == \"alice\"", "ClusterId", "JobStatus", "NumJobStarts"),
          List::isEmpty);
    }

    /** Every job ran once, to its end, and nothing else ever happened to it. */
    void assertNoneWasDisturbed() throws PoolException, InterruptedException {
      List<String> history =
          Await.until(
              "all jobs in the history",
              MATCH,
              () ->
                  voc.ap()
                      .run(
                          "condor_history",
                          "-const",
                          "Owner == \"alice\"",
                          "-af:,",
                          "ClusterId",
                          "NumJobStarts",
                          "JobStatus",
                          "ExitCode")
                      .orThrow()
                      .lines(),
              lines -> lines.size() == clusters.size());
      assertEquals(
          clusters.stream().map(cluster -> cluster + ", 1, 4, 0").sorted().toList(),
          history.stream().map(line -> line.replaceAll(", *", ", ")).sorted().toList());
      List<String> events =
          voc.ap().as("alice").run("grep", "-E", "^[0-9]{3} \\(", LOG).orThrow().lines();
      // 004 evicted, 007 shadow exception, 009 removed, 012 held, 021, 022 and 024 lost connection.
      assertEquals(
          List.of(),
          events.stream()
              .filter(event -> event.matches("(004|007|009|012|021|022|024) .*"))
              .toList());
      for (String cluster : clusters) {
        assertEquals(
            1,
            events.stream()
                .filter(event -> event.matches("001 \\(0*" + cluster + "\\.000\\.000\\).*"))
                .count(),
            "starts of job " + cluster);
      }
    }
  }
}
