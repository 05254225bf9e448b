package org.vocluster.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool of plain HTCondor does what pools do, and survives what hosts go through. */
@Tag("pool")
final class PoolSmokeTest {
  private static final Duration JOB = Duration.ofSeconds(90);

  @ParameterizedTest
  @EnumSource
  void userJobRunsOnAnExecuteHostAlsoAfterAPowerCut(Suite suite) throws Exception {
    PoolName name = new PoolName("smoke" + suite.debianName());
    Pool pool = Pool.up(PoolPlan.of(name, suite, 2));
    try {
      pool.startCondor();
      assertEquals("alice", runJob(pool, "alice").strip());

      Host lost = pool.host("pad1");
      lost.write("/root/before", "still here", "600");
      lost.kill();
      assertFalse(lost.isUp());
      lost.boot();
      assertEquals("still here", lost.read("/root/before"));
      pool.startCondor();
      assertEquals("bob", runJob(pool, "bob").strip());

      pool.stopCondor();
      for (Host host : pool.hosts()) {
        assertEquals(
            List.of("tini", "sleep"),
            host.processes().stream().map(p -> p.commandLine().split(" ", 2)[0]).toList());
      }
    } catch (PoolException | AssertionError e) {
      pool.collectLogs(Path.of("target", "pool-logs", name.value()));
      throw e;
    } finally {
      pool.down();
    }
    assertFalse(Namespaces.list().stream().anyMatch(name::owns));
    assertFalse(Files.exists(pool.directory()));
  }

  @ParameterizedTest
  @EnumSource(names = "TRIXIE")
  void poolsOfTwoNamesDoNotDisturbEachOther(Suite suite) throws Exception {
    Pool one = Pool.up(PoolPlan.of(new PoolName("one"), suite, 1));
    Pool other = Pool.up(PoolPlan.of(new PoolName("other"), suite, 1));
    try {
      one.startCondor();
      other.startCondor();
      one.down();

      assertTrue(other.host("cm").run("condor_status", "-schedd").ok());
      assertEquals("carol", runJob(other, "carol").strip());
      assertEquals(other.host("pad1").disk(), Pool.find(other.name()).host("pad1").disk());
    } finally {
      one.down();
      other.down();
    }
  }

  /** Submits a job that says who runs it, and returns what it said. */
  private static String runJob(Pool pool, String user) throws Exception {
    Session session = pool.centralManager().as(user).within(JOB);
    String description =
        """
        executable = /bin/sh
        arguments = "-c 'sleep 1; id -un; hostname >&2'"
        transfer_executable = False
        should_transfer_files = YES
        output = out
        error = err
        log = log
        request_memory = 64
        request_disk = 1024
        queue
        """;
    session.input(description).run("condor_submit").orThrow();
    session.run("condor_wait", "-wait", "80", "log").orThrow();
    assertTrue(session.run("cat", "err").stdout().startsWith("pad"));
    return session.run("cat", "out").orThrow().stdout();
  }
}
