package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.scenario.Said.assertSays;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.VocPool;

/**
 * Jobs outlive an absence of the access point, and those of a node that ends are back in the queue
 * at once all the same. In {@code ./check} the absence is short; with {@code
 * -Dvoc.scenarios.all=true} it is ten minutes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LostNodeScenarios {
  private static final boolean ALL = Boolean.getBoolean("voc.scenarios.all");
  private static final Duration AWAY = ALL ? Duration.ofSeconds(600) : Duration.ofSeconds(45);

  /** The goal; where the machine may be loaded, twice that. */
  private static final Duration BACK = Duration.ofSeconds(ALL ? 3 : 6);

  private static final String REAPER = "org.vocluster.reaper.Reaper";

  private final Suite suite;
  private SizingSteps steps;
  private VocPool voc;

  LostNodeScenarios(Suite suite) {
    this.suite = suite;
  }

  @BeforeAll
  void poolWithoutAnyVoc() throws PoolException, InterruptedException {
    steps = SizingSteps.onPool("lost", suite);
    voc = steps.voc();
  }

  @AfterAll
  void poolDown() throws PoolException {
    steps.close();
  }

  /**
   * Two jobs run in a node and two of the same user wait: the access point goes and comes back,
   * then the node's machine is killed.
   */
  @Test
  void jobsOutliveTheAccessPointsAbsenceAndAreBackAtOnceWhenTheirNodeEnds()
      throws PoolException, InterruptedException {
    steps
        .pool()
        .run(
            all -> {
              steps.register(
                  voc.definition("lost", "cms")
                      .with("Cpus", "2")
                      .with("MemoryMb", "1536")
                      .with("MaxNodes", "1")
                      .with("IdleSeconds", "20"));
              String running = voc.submit("alice", PayloadJobs.small(2, 3600));
              long since = steps.awaitExecuting(running);
              awaitAll(running, 2, "JobStatus == 2");
              String idle = voc.submit("alice", PayloadJobs.small(2, 1));

              requestForALivingNodesJobIsRefused(running);
              nobodyElseMayAsk();
              accessPointGoesAndComesBack(running, since);
              nodeIsKilled(running, idle);

              var _ = voc.ap().run("condor_rm", running);
              List<Ending> endings = steps.awaitEnded(idle, SizingSteps.BOOT);
              assertTrue(endings.stream().allMatch(Ending::succeeded), endings::toString);
              steps.clean();
            });
  }

  private void requestForALivingNodesJobIsRefused(String running)
      throws PoolException, InterruptedException {
    String answer = ask("condor", running + ".0\n1000000.0\nrm -rf /\n").orThrow().stdout();
    assertSays(answer, running + ".0 refused: node lost-", "has not ended");
    assertSays(answer, "1000000.0 refused: it is not in the queue");
    assertEquals(2, answer.lines().count(), answer);
    assertEquals(List.of("2", "2"), voc.jobs("ClusterId == " + running, "JobStatus"));
  }

  private void nobodyElseMayAsk() throws PoolException, InterruptedException {
    assertFalse(ask("alice", "1.0\n").ok());
    assertFalse(ask("voc-cms", "1.0\n").ok());
  }

  /** Says that to the reaper as an account of the access point, and returns what it answers. */
  private Result ask(String account, String text) throws PoolException, InterruptedException {
    return voc.ap()
        .root()
        .input(text)
        .run(
            "setpriv",
            "--reuid=" + account,
            "--regid=" + account,
            "--init-groups",
            "perl",
            "-MIO::Socket::UNIX",
            "-e",
            "my $s = IO::Socket::UNIX->new(Peer => '/run/voc-reaper/socket') or die $!;"
                + " print $s $_ while <STDIN>; $s->flush; $s->shutdown(1); print while <$s>;");
  }

  private void accessPointGoesAndComesBack(String running, long since)
      throws PoolException, InterruptedException {
    for (Host.HostProcess process : voc.ap().processes()) {
      if (process.commandLine().matches("(\\S*/)?condor_[a-z_]+(\\s.*)?")) {
        var _ = voc.ap().run("kill", "-KILL", Long.toString(process.pid()));
      }
    }
    long end = System.nanoTime() + AWAY.toNanos();
    Await.until(
        "the reaper to end with its master",
        SizingSteps.SOON,
        () -> steps.processes(REAPER),
        List::isEmpty);
    Await.until(
        "the end of the absence", AWAY.plus(SizingSteps.SOON), () -> System.nanoTime() - end > 0);
    voc.ap().startCondor();
    // Of the two jobs and of the node job.
    Await.until(
        "three reconnected shadows",
        SizingSteps.BOOT,
        () ->
            voc.ap()
                .root()
                .sh("grep -c 'Reconnect SUCCESS' /var/log/condor/ShadowLog || true")
                .stdout()
                .strip(),
        count -> count.equals("3"));
    awaitAll(running, 2, "JobStatus == 2");
    assertEquals(
        List.of(since + "", since + ""),
        voc.jobs(
            "ClusterId == " + running,
            "ifThenElse(JobCurrentStartExecutingDate - %d < 5, %d, JobCurrentStartExecutingDate)"
                .formatted(since, since)));
  }

  private void nodeIsKilled(String running, String idle)
      throws PoolException, InterruptedException {
    Await.until("one reaper", SizingSteps.SOON, () -> steps.processes(REAPER).size() == 1);
    for (Host host : voc.pool().executeHosts()) {
      for (Host.HostProcess machine : VocPool.virtualMachines(host)) {
        host.run("kill", "-KILL", Long.toString(machine.pid())).orThrow();
      }
    }
    long killed = System.nanoTime();
    awaitAll(running, 2, "JobStatus == 1");
    Duration back = Duration.ofNanos(System.nanoTime() - killed);
    System.out.println(suite + ": jobs of a killed node back after " + back.toMillis() + " ms");
    assertTrue(back.compareTo(BACK) <= 0, back::toString);
    // None of the four has been tried on the lost claims; a reconnect counts as a start.
    Await.until(
        "the claims to be given up", SizingSteps.SOON, () -> System.nanoTime() - killed > 8e9);
    assertEquals(
        List.of("0", "0"),
        voc.jobs(
            "ClusterId == " + idle, "ifThenElse(isInteger(NumShadowStarts), NumShadowStarts, 0)"));
    assertEquals(List.of("2", "2"), voc.jobs("ClusterId == " + running, "NumShadowStarts"));
    assertSays(voc.awaitInSizeLog("back in the queue"), running + ".0", running + ".1");
  }

  /** Waits until so many jobs of a cluster satisfy an expression. */
  private void awaitAll(String cluster, int count, String expression)
      throws PoolException, InterruptedException {
    Await.until(
        "%d jobs of cluster %s with %s".formatted(count, cluster, expression),
        SizingSteps.BOOT,
        () -> voc.jobs("ClusterId == %s && (%s)".formatted(cluster, expression), "ProcId"),
        lines -> lines.size() == count);
  }
}
