package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.VocPool;

/**
 * A PAD host is upgraded and downgraded without its nodes taking notice, and an access point
 * without its schedd doing so.
 */
@Tag("pool")
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
final class UpgradeTest {
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String MARK = "/var/tmp/upgraded-hook-ran";

  @TempDir private Path directory;

  static List<Suite> suites() {
    return Suites.chosen();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void nodesLiveThroughUpgradeAndDowngradeOfTheirHostsPackages(Suite suite)
      throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("upgrade" + suite.debianName(), suite)) {
      pool.run(this::upgrade);
    }
  }

  private void upgrade(VocPool voc) throws PoolException, InterruptedException {
    voc.register(voc.definition("cms", "cms").with("IdleSeconds", "10")).orThrow();
    voc.awaitImage(voc.image().sha256());
    // Longer than installing takes, so that the job is surely running meanwhile.
    String job = voc.submit("alice", PayloadJobs.small(1, 90));
    Await.until(
        "job %s.0 to execute".formatted(job),
        BOOT,
        () -> voc.jobs("ClusterId == " + job, "JobStatus", "JobCurrentStartExecutingDate"),
        lines -> lines.stream().anyMatch(line -> line.matches("2, *\\d+")));
    Host host = hostWithNode(voc);
    Host.HostProcess machine = VocPool.virtualMachines(host).getFirst();
    List<Long> daemons = daemons(host);
    closeOthers(voc, host);

    host.install(upgraded(host, "pad"));
    // Making the class cache runs the hook too.
    host.run("rm", "-f", MARK).orThrow();
    assertEquals("0.1.0+test", version(host));
    assertTrue(isThere(host, machine), "the node went on");
    assertEquals(daemons, daemons(host), "HTCondor was not restarted");
    Ending ending =
        Await.until(
                "job %s.0 in the history".formatted(job),
                BOOT,
                () -> voc.endings(job),
                endings -> !endings.isEmpty())
            .getFirst();
    assertTrue(ending.succeeded(), ending::toString);
    assertEquals(List.of("1"), starts(voc, job), "it was started once");
    Await.until("the node to leave", BOOT, voc::leftovers, List::isEmpty);

    String second = voc.submit("alice", PayloadJobs.small(1, 600));
    Host.HostProcess next = awaitMachine(host);
    assertTrue(host.exists(MARK), "the new package's hook prepared the next node");

    host.install(originals("pad"));
    assertEquals("0.1.0", version(host));
    assertTrue(isThere(host, next), "the node went on");
    voc.ap().run("condor_rm", second).orThrow();
    voc.ap().run("condor_rm", "-const", "VocNodeJob =?= True").orThrow();
    voc.awaitNothingLeft(SOON);
  }

  @ParameterizedTest
  @MethodSource("suites")
  void sizingOfAnUpgradedAccessPointIsTheNewOne(Suite suite)
      throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("upgradeap" + suite.debianName(), suite)) {
      pool.run(
          voc -> {
            List<String> daemons = numbers(voc.ap(), false);
            List<String> sizer = numbers(voc.ap(), true);
            assertEquals(1, sizer.size(), sizer::toString);
            voc.ap().install(upgraded(voc.ap(), "ap"));
            List<String> next =
                Await.until(
                    "another size hook",
                    SOON,
                    () -> numbers(voc.ap(), true),
                    found -> found.size() == 1 && !found.equals(sizer));
            assertEquals(daemons, numbers(voc.ap(), false), "HTCondor was not restarted");
            // That one does its work.
            voc.register(voc.definition("cms", "cms")).orThrow();
            String job = voc.submit("alice", PayloadJobs.small(1, 1));
            Await.until(
                "the node job of job " + job,
                SOON,
                () -> voc.jobs("VocNodeJob =?= True", "VocNode"),
                nodes -> nodes.size() == 1);
            assertEquals(next, numbers(voc.ap(), true));
            voc.ap().root().sh("rm /etc/voc/vocs.d/*; condor_rm -all").orThrow();
            voc.awaitNothingLeft(SOON);
          });
    }
  }

  private static List<String> numbers(Host host, boolean sizer)
      throws PoolException, InterruptedException {
    return host.processes().stream()
        .filter(
            process ->
                sizer
                    ? process.commandLine().contains(" org.vocluster.hook.Size ")
                    : process.commandLine().matches("(\\S*/)?condor_(master|schedd|collector).*"))
        .map(process -> Long.toString(process.pid()))
        .toList();
  }

  private static Host hostWithNode(VocPool voc) throws PoolException, InterruptedException {
    for (Host host : voc.pool().executeHosts()) {
      if (!VocPool.virtualMachines(host).isEmpty()) {
        return host;
      }
    }
    throw new PoolException("no host runs the node");
  }

  private static Host.HostProcess awaitMachine(Host host)
      throws PoolException, InterruptedException {
    return Await.until(
            "another node on " + host.name(),
            SOON.multipliedBy(2),
            () -> VocPool.virtualMachines(host).stream().findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static boolean isThere(Host host, Host.HostProcess machine)
      throws PoolException, InterruptedException {
    return VocPool.virtualMachines(host).stream().anyMatch(each -> each.pid() == machine.pid());
  }

  private static List<Long> daemons(Host host) throws PoolException, InterruptedException {
    return host.processes().stream()
        .filter(
            process -> process.commandLine().matches("(\\S*/)?condor_(master|startd|starter).*"))
        .map(Host.HostProcess::pid)
        .toList();
  }

  private static String version(Host host) throws PoolException, InterruptedException {
    return host.run("dpkg-query", "-W", "-f", "${Version}", "voc-pad").orThrow().stdout();
  }

  private static List<String> starts(VocPool voc, String cluster)
      throws PoolException, InterruptedException {
    return voc.ap().run("condor_history", cluster, "-af", "NumJobStarts").orThrow().lines();
  }

  private static void closeOthers(VocPool voc, Host open)
      throws PoolException, InterruptedException {
    for (Host host : voc.pool().executeHosts()) {
      if (!host.name().equals(open.name())) {
        host.write("/etc/condor/config.d/80-start.conf", "START = False\n", "644");
        host.run("condor_reconfig").orThrow();
      }
    }
  }

  /** The host's packages as a later version, whose prepare-job leaves a mark. */
  private List<Path> upgraded(Host host, String role) throws PoolException, InterruptedException {
    List<Path> packages = new ArrayList<>();
    for (Path original : originals(role)) {
      packages.add(upgradedPackage(host, original));
    }
    return packages;
  }

  private Path upgradedPackage(Host host, Path original)
      throws PoolException, InterruptedException {
    String name = original.getFileName().toString().replaceFirst("_.*", "");
    host.copyIn(original, "/var/tmp/original.deb", "644");
    host.root()
        .within(SOON)
        .sh(
            """
            set -e
            cd /var/tmp
            rm -rf tree
            dpkg-deb -R original.deb tree
            sed -i 's/^Version: .*/Version: 0.1.0+test/; s/voc-common (= [^)]*)/voc-common (= 0.1.0+test)/' tree/DEBIAN/control
            hook=tree/usr/libexec/voc/prepare-job
            [ ! -f $hook ] || sed -i '1a : >%s' $hook
            dpkg-deb -Zgzip -b tree %s.deb
            """
                .formatted(MARK, name))
        .orThrow();
    try {
      return Files.copy(
          host.disk().resolve("var/tmp/%s.deb".formatted(name)),
          directory.resolve("%s_0.1.0+test_all.deb".formatted(name)));
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(original, e), e);
    }
  }

  private static List<Path> originals(String role) throws PoolException {
    try (Stream<Path> files = Files.list(PoolOf.PACKAGES)) {
      return files
          .filter(
              file ->
                  file.getFileName().toString().matches("voc-(common|%s)_.*[.]deb".formatted(role)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(PoolOf.PACKAGES, e), e);
    }
  }
}
