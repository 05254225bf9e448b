package org.vocluster.scenario.livedin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Result;
import org.vocluster.pool.Suite;
import org.vocluster.scenario.PoolOf;
import org.vocluster.scenario.Suites;
import org.vocluster.vocpool.SiteHabits;
import org.vocluster.vocpool.Story;
import org.vocluster.vocpool.VocPool;

/**
 * VOC comes to a pool that works, and goes again: what ran before runs at every moment, and every
 * policy of the site is in force before, during and after.
 */
@Tag("pool")
final class LivedInPoolTest {
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String USERS =
      "* alice cms\n* bob atlas,cms\n* carol none,cms\n* /^dav/ cms\n";

  static List<Suite> suites() {
    return Suites.chosen();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void vocComesAndGoesAndTheSiteStaysAsItWas(Suite suite)
      throws PoolException, InterruptedException {
    PoolName name = new PoolName("livedin" + suite.debianName());
    boolean passed = false;
    Pool pool = Pool.up(PoolPlan.of(name, suite, 1));
    try {
      SiteHabits.settle(pool);
      pool.startCondor();
      new Visit(pool).run();
      passed = true;
    } finally {
      if (!passed) {
        pool.collectLogs(Path.of("target/pool-logs", name.value()));
      }
      pool.down();
    }
  }

  /** VOC's stay in one pool, step by step. */
  private static final class Visit {
    private final Pool pool;
    private final Host ap;
    private final Host pad;
    private final SiteJobs jobs;
    private int marks;

    Visit(Pool pool) {
      this.pool = pool;
      this.ap = pool.centralManager();
      this.pad = pool.executeHosts().getFirst();
      this.jobs = new SiteJobs(ap);
    }

    void run() throws PoolException, InterruptedException {
      String blocked = jobs.submit("carol", "+SiteBlocked = True");
      assertOrdinaryJobsRun("", "before VOC");
      assertSiteRules();

      VocPool voc = VocPool.on(pool, PoolOf.PACKAGES, Story.SILENT);
      ap.write("/etc/voc/users.map", USERS, "644");
      ap.write("/etc/voc/vos.map", "* vo.cms.example.eu cms\n", "644");
      restartSchedd();
      pad.run("condor_reconfig").orThrow();
      Await.until(
          "VOC's part of the PAD slot",
          SOON,
          () -> voc.padSlots("VocHeartbeat", "SiteRack"),
          slots -> slots.size() == 1 && slots.getFirst().matches("\\d+, *r7"));
      assertOrdinaryJobsRun("+VocVO = \"none\"", "with VOC");
      assertSiteRules();
      assertClaims();
      assertLateMaterialization();
      assertClaimsOfRows();
      assertNodesRunPayloadOfDags(voc);

      String stranded = jobs.submit("alice");
      assertEquals("cms", jobs.queued(stranded, "VocVO"));
      remove(pad, "voc-pad");
      remove(ap, "voc-cm");
      remove(ap, "voc-ap");
      ap.run("condor_qedit", "-constraint", "isString(VocVO)", "VocVO", "undefined").orThrow();
      jobs.awaitSuccess(stranded);
      assertPurged();
      VocPool.install(pad, PoolOf.PACKAGES);
      VocPool.install(ap, PoolOf.PACKAGES);
      restartSchedd();
      pad.run("condor_reconfig").orThrow();
      assertOrdinaryJobsRun("", "installed again, with nobody in a VO");
      assertSiteRules();
      assertEquals("1", jobs.queued(blocked, "JobStatus"), "START of the site kept it out");
    }

    private void assertOrdinaryJobsRun(String line, String when)
        throws PoolException, InterruptedException {
      String vanilla = jobs.submit("alice", line);
      String other = jobs.submit("carol");
      String local = jobs.submit("alice", "universe = local");
      String scheduler = jobs.submit("bob", "universe = scheduler");
      for (String job : List.of(local, scheduler)) {
        assertEquals("here", jobs.awaitSuccess(job).replaceFirst(".*@.*", "elsewhere"), when);
      }
      for (String job : List.of(vanilla, other)) {
        assertTrue(jobs.awaitSuccess(job).contains("pad1"), when);
      }
    }

    private void assertSiteRules() throws PoolException, InterruptedException {
      Result large = jobs.submission("carol", "request_memory = 2000000");
      assertFalse(large.ok());
      assertTrue(large.stderr().contains("site: no host has so much memory"), large::toString);
      String held = jobs.submit("alice", "hold = true", "+SiteProject = \"p1\"");
      assertEquals("physics", jobs.queued(held, "AcctGroup"));
      assertFalse(ap.as("alice").run("condor_qedit", held, "SiteProject", "\"p2\"").ok());
      ap.run("condor_rm", held).orThrow();
      for (String banned : List.of("True", "False")) {
        ap.root()
            .input(
                "MyType = \"Site\"\nName = \"banned-%s\"\nSiteBanned = %s\n"
                    .formatted(banned, banned))
            .run("condor_advertise", "UPDATE_AD_GENERIC", "-")
            .orThrow();
      }
      Await.until(
          "the ad that COLLECTOR_REQUIREMENTS lets in",
          SOON,
          () -> ap.run("condor_status", "-any", "-const", "MyType == \"Site\"", "-af", "Name"),
          seen -> seen.lines().equals(List.of("banned-False")));
      Await.until(
          "the host's health",
          SOON,
          () -> ap.run("condor_status", "-af", "SiteHealthy", "SiteRack", "PartitionableSlot"),
          seen -> seen.lines().stream().anyMatch(line -> line.equals("true r7 true")));
    }

    /** Who asks for what: the lines of a submit file, and what the job becomes. */
    private void assertClaims() throws PoolException, InterruptedException {
      assertBecomes("alice", "", "cms,undefined");
      assertBecomes("alice", "+VocVO = \"cms\"", "cms,cms");
      assertBecomes("alice", "+VocVO = \"vo.cms.example.eu\"", "cms,vo.cms.example.eu");
      assertBecomes("alice", "+VocVO = \"none\"", "undefined,none");
      assertBecomes("alice", "+VocVO = undefined", "cms,undefined");
      assertBecomes("bob", "", "atlas,undefined");
      assertBecomes("bob", "+VocVO = \"cms\"", "cms,cms");
      assertBecomes("carol", "", "undefined,undefined");
      assertBecomes("carol", "+VocVO = \"cms\"", "cms,cms");
      for (String universe : List.of("local", "scheduler", "java", "parallel")) {
        String lines = "universe = %s\nmachine_count = 1\narguments = Main".formatted(universe);
        assertBecomes("alice", lines, "undefined,undefined");
        assertRefused("alice", lines + "\n+VocVO = \"atlas\"", "user alice is not in VO atlas");
      }
      assertBecomes("alice", "universe = local\n+VocVO = \"cms\"", "undefined,cms");
      for (String user : List.of("alice", "bob")) {
        assertRefused(user, "+VocVO = cms", "cms is no name in quotes", "+VocVO = \"NAME\"");
      }
      assertRefused("alice", "+VocVO = \"atlas\"", "user alice is not in VO atlas but in cms");
      assertRefused("alice", "+VocVO = \"CMS\"", "user alice is not in VO CMS but in cms");
      assertRefused("voc-cms", "+VocVO = \"cms\"", "user voc-cms is not in VO cms");
      assertRefused(
          "alice",
          "+VocVO = ifThenElse(isUndefined(TARGET.MyType), \"cms\", \"atlas\")",
          "is no name in quotes");
      assertRefused("alice", "+VocNodeJob = True", "only from the account");
      assertRefused(
          "alice",
          "+VocVO = \"atlas\"\n+VocNodeJob = ifThenElse(isUndefined(TARGET.MyType), true, undefined)",
          "voc: ");
      assertBecomes("alice", "+VocVOClaimed = \"atlas\"", "cms,undefined");
      assertRefused(
          "alice",
          "+VocVOGiven = \"atlas\"\n+VocVO = \"atlas\"\n+VocVOClaimed = \"atlas\"",
          "user alice is not in VO atlas");

      ap.write("/etc/condor/config.d/91-site-voc.conf", "VOC_JOBS_OUTSIDE_NODES = False\n", "644");
      reconfigSchedd();
      assertRefused("alice", "+VocVO = \"none\"", "VOC_JOBS_OUTSIDE_NODES");
      ap.write(
          "/etc/condor/config.d/91-site-voc.conf",
          "VOC_VOS_BY_CHOICE = lhcb,cms\nJOB_TRANSFORM_NAMES = Other\n",
          "644");
      reconfigSchedd();
      assertBecomes("alice", "", "undefined,undefined");
      assertBecomes("alice", "+VocVO = \"cms\"", "cms,cms");
      // Read after everything of ours: nothing makes the job the VO's, and no claim goes through.
      ap.run("rm", "/etc/condor/config.d/91-site-voc.conf").orThrow();
      ap.write(SiteHabits.LOCAL, "JOB_TRANSFORM_NAMES = AssignGroup\n", "644");
      reconfigSchedd();
      assertRefused("alice", "+VocVO = \"atlas\"", "JOB_TRANSFORM_NAMES does not name VocJob");
      assertRefused("alice", "+VocVO = strcat(\"c\", \"ms\")", "JOB_TRANSFORM_NAMES");
      Result told = jobs.submission("alice", "hold = true");
      assertTrue(
          told.ok() && told.stderr().contains("runs on hosts, not in nodes"), told::toString);
      ap.write(SiteHabits.LOCAL, "", "644");
      reconfigSchedd();
      ap.run("condor_rm", "-const", "JobStatus == 5").orThrow();
    }

    private void assertBecomes(String user, String lines, String expected)
        throws PoolException, InterruptedException {
      Result result = jobs.submission(user, "hold = true", lines);
      assertFalse(result.stderr().contains("voc:"), result::toString);
      String job = result.orThrow().stdout().strip().replaceFirst("\\..*", "");
      String became = jobs.queued(job, "VocVO", "VocVOClaimed", "VocNodeJob =?= True");
      assertEquals(expected + ",false", became.replace(" ", ""), user + ": " + lines);
    }

    private void assertRefused(String user, String lines, String... sentence)
        throws PoolException, InterruptedException {
      Result result = jobs.submission(user, "hold = true", lines);
      assertFalse(result.ok(), user + ": " + lines);
      for (String part : sentence) {
        assertTrue(result.stderr().contains(part), result::toString);
      }
    }

    /** A factory of a user who claims nothing goes on when the user's VO changes. */
    private void assertLateMaterialization() throws PoolException, InterruptedException {
      String factory =
          ap.as("alice")
              .input(
                  """
                  executable = /bin/sleep
                  arguments = 1000
                  transfer_executable = false
                  should_transfer_files = yes
                  max_materialize = 2
                  queue 4
                  """)
              .run("condor_submit", "-terse")
              .orThrow()
              .stdout()
              .replaceFirst("\\..*", "")
              .strip();
      awaitProcs(factory, "0 cms undefined, 1 cms undefined");
      assertFalse(
          jobs.queued(factory, "unparse(Requirements)")
              .matches("(?s).*VocVO is MY.VocVO.*VocVO is MY.VocVO.*\\n.*"),
          "the clause is there once");
      changeUsers(USERS.replace("alice cms", "alice atlas"));
      ap.run("condor_rm", factory + ".0").orThrow();
      awaitProcs(factory, "1 cms undefined, 2 atlas undefined");
      changeUsers(USERS);
      ap.run("condor_rm", factory).orThrow();
    }

    private void changeUsers(String text) throws PoolException, InterruptedException {
      // HTCondor reads a map again if its time has changed, which it counts in seconds.
      Thread.sleep(1100);
      ap.write("/etc/voc/users.map", text, "644");
      reconfigSchedd();
    }

    /** A claim that differs from row to row is each job's own. */
    private void assertClaimsOfRows() throws PoolException, InterruptedException {
      String factory =
          ap.as("bob")
              .input(
                  """
                  executable = /bin/sleep
                  arguments = 1000
                  transfer_executable = false
                  should_transfer_files = yes
                  max_materialize = 2
                  +VocVO = "$(vo)"
                  queue vo from (
                    atlas
                    cms
                    lhcb
                  )
                  """)
              .run("condor_submit", "-terse")
              .orThrow()
              .stdout()
              .replaceFirst("\\..*", "")
              .strip();
      awaitProcs(factory, "0 atlas atlas, 1 cms cms");
      ap.run("condor_rm", factory).orThrow();
    }

    private void awaitProcs(String factory, String expected)
        throws PoolException, InterruptedException {
      Await.until(
          "jobs of factory %s: %s".formatted(factory, expected),
          SOON,
          () ->
              String.join(
                  ", ",
                  ap.run("condor_q", "-allusers", factory, "-af", "ProcId", "VocVO", "VocVOClaimed")
                      .orThrow()
                      .lines()),
          expected::equals);
    }

    private void assertNodesRunPayloadOfDags(VocPool voc)
        throws PoolException, InterruptedException {
      voc.register(voc.definition("cms", "cms").with("IdleSeconds", "10")).orThrow();
      String dag = jobs.submitDag("alice", "workflow");
      String group =
          Await.until(
                  "a node job",
                  SOON,
                  () -> voc.nodeJobs("AcctGroup", "AccountingGroup"),
                  nodes -> !nodes.isEmpty())
              .getFirst();
      assertEquals("group_voc.cms,group_voc.cms.voc-cms", group.replace(" ", ""));
      assertEquals("here", jobs.awaitSuccess(dag, BOOT));
      List<String> ends =
          ap.run(
                  "condor_history",
                  "-const",
                  "DAGManJobId == " + dag,
                  "-af",
                  "VocVO",
                  "ExitCode",
                  "LastRemoteHost")
              .orThrow()
              .lines();
      assertEquals(1, ends.size(), ends::toString);
      assertTrue(ends.getFirst().matches("cms 0 slot1_1@cms-\\w+"), ends::toString);
      ap.run("voc", "unregister", "cms").orThrow();
      voc.awaitNothingLeft(SOON);
      assertEquals(
          List.of(),
          ap.run("condor_status", "-absent", "-af", "Name").orThrow().lines(),
          "no node is kept as an absent machine");
      for (String knob : List.of("DEFRAG_REQUIREMENTS", "GANGLIAD_REQUIREMENTS")) {
        String value = ap.run("condor_config_val", knob).orThrow().stdout();
        assertTrue(value.contains("VocDomain =!= \"VAD\""), value);
      }
    }

    /** An ordinary job runs, and the site's rules are in force, after a package has gone. */
    private void remove(Host host, String name) throws PoolException, InterruptedException {
      host.root().within(SOON).run("apt-get", "remove", "-y", name).orThrow();
      if (name.equals("voc-ap")) {
        restartSchedd();
      }
      Result parsed = host.run("condor_config_val", "START", "COLLECTOR_REQUIREMENTS");
      assertFalse(parsed.stdout().contains("()"), parsed::toString);
      if (!name.equals("voc-cm")) {
        host.run("rm", "-f", "/etc/condor/config.d/91-site-voc.conf").orThrow();
        assertEquals(
            List.of(),
            host.root()
                .sh("condor_config_val -dump | grep -E '(^|[^A-Z])VOC_|Voc[A-Z]' || true")
                .lines(),
            "in the configuration without " + name);
      }
      String ordinary = name.equals("voc-ap") ? "" : "+VocVO = \"none\"";
      assertOrdinaryJobsRun(ordinary, "without " + name);
      assertSiteRules();
    }

    private void assertPurged() throws PoolException, InterruptedException {
      for (Host host : pool.hosts()) {
        host.root()
            .within(SOON)
            .sh("apt-get purge -y $(dpkg-query -W -f '${Package}\\n' 'voc-*')")
            .orThrow();
        assertEquals(
            List.of(),
            host.root()
                .sh(
                    "find /etc /usr /var/lib /var/spool -xdev \\( -iname '*voc[-_]*' -o -iname 'voc*' \\)"
                        + " -not -path '/usr/lib/jvm/*' -not -name '*vocab*' | grep -v '^/var/lib/apt'"
                        + " | grep -iv 'vocabulary\\|invoc' || true")
                .orThrow()
                .lines(),
            host.name());
      }
    }

    private void reconfigSchedd() throws PoolException, InterruptedException {
      String mark = Integer.toString(++marks);
      ap.write("/etc/condor/config.d/92-mark.conf", "SITE_MARK = %s\n".formatted(mark), "644");
      ap.run("condor_reconfig").orThrow();
      Await.until(
          "the schedd to read its configuration",
          SOON,
          () -> ap.run("condor_config_val", "-schedd", "SITE_MARK").stdout().strip(),
          mark::equals);
    }

    private void restartSchedd() throws PoolException, InterruptedException {
      ap.stopCondor();
      pool.startCondor();
    }
  }
}
