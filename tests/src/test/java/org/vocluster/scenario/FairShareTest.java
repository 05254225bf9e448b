package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.SleepingImage;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * VOs with quotas 2:1, as the commented lines of 90-voc-cm.conf have them, and endless demand, on
 * six slots. All nodes but one are of an image that sleeps: they take slots and no processor time.
 */
@Tag("pool")
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
final class FairShareTest {
  private static final boolean ALL = Suites.ALL;
  private static final int TURNS_AFTER_SETTLING = ALL ? 12 : 3;
  private static final int QUIET_CYCLES = ALL ? 12 : 4;
  private static final int SLOTS = 6;

  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Duration BOOT = Duration.ofMinutes(4);

  static List<Suite> suites() {
    return Suites.chosen();
  }

  /** Running nodes of each VO. */
  private record Shares(int cms, int atlas) {}

  private static final Shares TWO_TO_ONE = new Shares(4, 2);

  @ParameterizedTest
  @MethodSource("suites")
  void quotasHoldAndPreemptionTakesTheNodeThatWastesLeast(Suite suite)
      throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("share" + suite.debianName(), suite)) {
      pool.run(
          voc -> {
            sixSlots(voc);
            SleepingImage image = SleepingImage.in(voc.pool());
            for (String vo : List.of("cms", "atlas")) {
              voc.register(sleeping("sleep-" + vo, vo, image)).orThrow();
            }
            voc.awaitImage(image.sha256());
            uncomment(voc, "GROUP_|NEGOTIATOR_");

            submit(voc, "alice", "sleep-cms", 20, 10_000);
            await(voc, "a VO alone to have everything", new Shares(SLOTS, 0));
            submit(voc, "bob", "sleep-atlas", 20, 10_000);
            sharesShiftAsNodesEnd(voc);

            voc.ap().run("condor_rm", "-const", "VocVO == \"atlas\"").orThrow();
            await(voc, "the VO that is left to have everything", new Shares(SLOTS, 0));
            uncomment(voc, "PREEMPTION_");
            submit(voc, "bob", "sleep-atlas", 20, 10_000);
            await(voc, "preemption to bring the quotas about", TWO_TO_ONE);
            nothingFlaps(voc);

            voc.ap().run("condor_rm", "-all").orThrow();
            await(voc, "no node", new Shares(0, 0));
            busyNodeIsSpared(voc);
          });
    }
  }

  private static void sixSlots(VocPool voc) throws PoolException, InterruptedException {
    for (Host host : voc.pool().executeHosts()) {
      host.write("/etc/condor/config.d/92-six-slots.conf", "NUM_CPUS = 3\n", "644");
      host.stopCondor();
    }
    voc.pool().startCondor();
  }

  private static VocText sleeping(String name, String vo, SleepingImage image) {
    return VocText.of(name, vo, image.url(), image.sha256())
        .with("MemoryMb", "256")
        .with("DiskMb", "16")
        .with("MaxNodes", "20");
  }

  /** Takes the shipped example, as an administrator would. */
  private static void uncomment(VocPool voc, String names)
      throws PoolException, InterruptedException {
    voc.ap()
        .root()
        .sh(
            "sed -i -E 's/^# ((%s)[A-Za-z_.]+ = )/\\1/' /etc/condor/config.d/90-voc-cm.conf && condor_reconfig"
                .formatted(names))
        .orThrow();
  }

  private static String submit(VocPool voc, String user, String vocName, int jobs, int seconds)
      throws PoolException, InterruptedException {
    voc.ap()
        .write(
            "/home/%s/share.sub".formatted(user),
            """
            executable = /bin/sleep
            arguments = %d
            transfer_executable = false
            should_transfer_files = yes
            log = share.log
            request_memory = 32
            request_disk = 1MB
            requirements = Voc == "%s"
            queue %d
            """
                .formatted(seconds, vocName, jobs),
            "644");
    return voc.ap()
        .as(user)
        .run("condor_submit", "-terse", "share.sub")
        .orThrow()
        .stdout()
        .strip()
        .replaceFirst("\\..*", "");
  }

  /**
   * Account and name of each node, as the slots say that they run. The queue is no witness: for a
   * moment it shows a job as running that was to take over an ended one's claim and was refused.
   */
  private static List<String> runningNodes(VocPool voc) throws PoolException, InterruptedException {
    return voc
        .ap()
        .run(
            "condor_status",
            "-const",
            "VocDomain =?= \"PAD\" && Activity =?= \"Busy\" && isString(VocNode)",
            "-af",
            "RemoteOwner",
            "VocNode")
        .orThrow()
        .lines()
        .stream()
        .sorted()
        .toList();
  }

  private static Shares shares(VocPool voc) throws PoolException, InterruptedException {
    return shares(runningNodes(voc));
  }

  private static Shares shares(List<String> nodes) {
    return new Shares(
        (int) nodes.stream().filter(node -> node.startsWith("voc-cms@")).count(),
        (int) nodes.stream().filter(node -> node.startsWith("voc-atlas@")).count());
  }

  private static void await(VocPool voc, String what, Shares wanted)
      throws PoolException, InterruptedException {
    var _ = Await.until(what + ": " + wanted, SOON, () -> shares(voc), wanted::equals);
  }

  /** Without preemption: each node that ends is replaced by one of the VO that has too few. */
  private static void sharesShiftAsNodesEnd(VocPool voc)
      throws PoolException, InterruptedException {
    // Sizing has put atlas's node jobs into the queue, where they wait.
    voc.awaitNegotiation();
    assertEquals(new Shares(SLOTS, 0), shares(voc), "nobody may be preempted");
    StringBuilder course = new StringBuilder();
    for (int turn = 0; turn < 2 + TURNS_AFTER_SETTLING; turn++) {
      List<String> before = runningNodes(voc);
      String ended = before.get(turn % before.size());
      String name = ended.replaceFirst(".* ", "");
      voc.ap().run("condor_rm", "-const", "VocNode == \"" + name + "\"").orThrow();
      Shares now =
          shares(
              Await.until(
                  "the slot of %s to be taken".formatted(ended),
                  SOON,
                  () -> runningNodes(voc),
                  nodes -> nodes.size() == SLOTS && !nodes.contains(ended)));
      course.append(' ').append(now.cms()).append(':').append(now.atlas());
      if (turn > 0) {
        assertEquals(TWO_TO_ONE, now, "the course so far:" + course);
      }
    }
    System.out.println(voc.pool().suite() + ": shares as nodes end, cms:atlas" + course);
  }

  /** The same nodes run on: nobody takes a slot from the other and gives it back. */
  private static void nothingFlaps(VocPool voc) throws PoolException, InterruptedException {
    List<String> nodes = runningNodes(voc);
    for (int cycle = 0; cycle < QUIET_CYCLES; cycle++) {
      voc.awaitNegotiation();
    }
    assertEquals(nodes, runningNodes(voc));
  }

  /** The busy node is the youngest, so that age alone would choose it. */
  private static void busyNodeIsSpared(VocPool voc) throws PoolException, InterruptedException {
    submit(voc, "alice", "sleep-cms", SLOTS - 1, 10_000);
    await(voc, "nodes that never finish booting", new Shares(SLOTS - 1, 0));
    voc.register(voc.definition("cms", "cms")).orThrow();
    voc.awaitImage(voc.image().sha256());
    String payload = submit(voc, "alice", "cms", 1, 60);
    Await.until(
        "the busy node, in the PAD slots' words",
        BOOT,
        () ->
            voc
                .ap()
                .run(
                    "condor_status",
                    "-const",
                    "VocDomain =?= \"PAD\" && isString(VocNode)",
                    "-af",
                    "VocNodeState")
                .orThrow()
                .lines()
                .stream()
                .sorted()
                .toList(),
        List.of("booting", "booting", "booting", "booting", "booting", "busy")::equals);
    submit(voc, "bob", "sleep-atlas", 20, 10_000);
    await(voc, "preemption to bring the quotas about", TWO_TO_ONE);
    Await.until(
        "the payload to end, undisturbed",
        SOON,
        () ->
            voc.ap()
                .run(
                    "condor_history",
                    "-const",
                    "ClusterId == " + payload,
                    "-af:,",
                    "NumJobStarts",
                    "JobStatus",
                    "ExitCode")
                .orThrow()
                .lines(),
        List.of("1, 4, 0")::equals);
  }
}
