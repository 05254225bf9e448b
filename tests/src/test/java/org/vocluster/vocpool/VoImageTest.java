package org.vocluster.vocpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Session;
import org.vocluster.pool.SiteConfig;
import org.vocluster.pool.Suite;

/** The VO image boots on a host of the pool, joins it with the context it is given, and works. */
@Tag("pool")
final class VoImageTest {
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final String NODE = "cms-imagetest";

  @ParameterizedTest
  @EnumSource
  void bootedImageJoinsThePoolRunsAJobAndPowersOffWhenIdle(Suite suite) throws Exception {
    VoImage image = VoImage.of(suite, guestPackage());
    assertEquals("r--r--r--", permissions(image.file()));
    PoolName name = new PoolName("image" + suite.debianName());
    Pool pool = Pool.up(PoolPlan.of(name, suite, 1));
    try {
      pool.startCondor();
      Files.createLink(pool.share().resolve("voc.qcow2"), image.file());
      Host host = pool.host("pad1");
      writeContext(pool, host);
      host.root().sh("cd /var/tmp/node && setsid sh ./boot </dev/null >qemu.log 2>&1 &").orThrow();
      Host manager = pool.centralManager();
      String ad =
          Await.until(
                  "ad of node " + NODE,
                  BOOT,
                  () ->
                      manager.run(
                          "condor_status",
                          "-const",
                          "VocNode==\"" + NODE + "\"",
                          "-af",
                          "Machine",
                          "CondorVersion",
                          "TotalMemory",
                          "MyCurrentTime"),
                  result -> result.stdout().contains(NODE))
              .stdout();
      System.out.printf(
          "%s: %d MB, power on to first ad in the collector: %s s%n%s",
          suite,
          Files.size(image.file()) >> 20,
          host.root()
              .sh("echo $(($(date +%s) - $(stat -c %Y /var/tmp/node/boot-began)))")
              .stdout()
              .strip(),
          ad);

      Session alice = manager.as("alice").within(Duration.ofMinutes(3));
      alice.input(JOB).run("condor_submit").orThrow();
      alice.run("condor_wait", "-wait", "150", "log").orThrow();
      assertEquals(List.of(NODE, "payload"), alice.run("cat", "out").orThrow().lines());

      Await.until(
          "node to power off when it has been idle",
          Duration.ofMinutes(3),
          () -> host.processes().stream().map(Host.HostProcess::commandLine).toList(),
          seen -> seen.stream().noneMatch(line -> line.startsWith("qemu-system")));
      String console = host.read("/var/tmp/node/console.log");
      assertTrue(console.contains("voc: HTCondor ended (success): powering off"), console);
    } catch (PoolException | AssertionError e) {
      Path logs = Path.of("target", "pool-logs", name.value());
      pool.collectLogs(logs);
      Path node = pool.host("pad1").disk().resolve("var/tmp/node");
      for (String file : List.of("console.log", "qemu.log")) {
        if (Files.exists(node.resolve(file))) {
          Files.writeString(logs.resolve(file), Files.readString(node.resolve(file)));
        }
      }
      throw e;
    } finally {
      pool.down();
    }
  }

  private static final String JOB =
      """
      executable = /bin/sh
      arguments = "-c 'hostname; cat input'"
      transfer_executable = False
      should_transfer_files = YES
      transfer_input_files = input
      output = out
      error = err
      log = log
      request_memory = 64
      request_disk = 1024
      requirements = VocVO =?= "cms"
      queue
      """;

  /** What a PAD host's hook would write; the daemons' own token stands for the node's. */
  private static void writeContext(Pool pool, Host host) throws Exception {
    pool.centralManager().as("alice").sh("echo payload >input").orThrow();
    host.write(
        "/var/tmp/node/condor.conf",
        """
        CONDOR_HOST = %1$s
        COLLECTOR_HOST = $(CONDOR_HOST)
        DAEMON_LIST = MASTER STARTD
        CCB_ADDRESS = $(COLLECTOR_HOST)
        NETWORK_HOSTNAME = %2$s
        PRIVATE_NETWORK_NAME = %2$s
        TRUST_DOMAIN = %3$s
        SEC_TOKEN_SYSTEM_DIRECTORY = /run/voc/tokens.d
        ENABLE_IPV6 = False
        RunBenchmarks = False
        # How long a node is idle is looked at with each update of its ad.
        UPDATE_INTERVAL = 10
        STARTD_NOCLAIM_SHUTDOWN = 20
        NUM_SLOTS = 1
        NUM_SLOTS_TYPE_1 = 1
        SLOT_TYPE_1 = 100%%
        SLOT_TYPE_1_PARTITIONABLE = True
        VocVO = "cms"
        VocNode = "%2$s"
        STARTD_ATTRS = $(STARTD_ATTRS) VocVO VocNode
        START = TARGET.Owner == "alice"
        """
            .formatted(pool.condorHost(), NODE, SiteConfig.DOMAIN),
        "600");
    host.write(
        "/var/tmp/node/boot",
        """
        set -e
        umask 077
        cp %1$s token
        qemu-img create -q -f qcow2 -b /srv/share/voc.qcow2 -F qcow2 overlay.qcow2
        : >boot-began
        exec qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \\
          -machine q35 -accel tcg,thread=multi,tb-size=256 -cpu max,la57=off -smp 1 -m 1024M \\
          -blockdev driver=qcow2,node-name=disk0,cache.no-flush=on,file.driver=file,file.filename=overlay.qcow2 \\
          -device virtio-blk-pci,drive=disk0 \\
          -netdev user,id=net0,ipv6=off -device virtio-net-pci,netdev=net0,romfile= \\
          -object rng-random,id=rng0,filename=/dev/urandom -device virtio-rng-pci,rng=rng0 \\
          -chardev file,id=console0,path=console.log -serial chardev:console0 \\
          -fw_cfg name=opt/org.vocluster/condor.conf,file=condor.conf \\
          -fw_cfg name=opt/org.vocluster/token,file=token
        """
            .formatted(SiteConfig.TOKEN_FILE),
        "600");
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** The guest package that the build made: {@code mvn -Pdebs -DskipTests package}. */
  private static Path guestPackage() throws Exception {
    Path directory = Path.of("..", "packaging", "target", "debs");
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        var found =
            files.filter(f -> f.getFileName().toString().matches("voc-guest_.*\\.deb")).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw new PoolException(
        "no voc-guest package in %s: run mvn -Pdebs -DskipTests package first"
            .formatted(directory.toAbsolutePath().normalize()));
  }
}
