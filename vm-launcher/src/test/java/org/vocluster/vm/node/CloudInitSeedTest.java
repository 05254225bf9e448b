package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.os.Command;

class CloudInitSeedTest {
  private static final String KEY = "0a".repeat(32);

  @TempDir Path dir;

  private static CloudInitSeed seed(String context) {
    return new CloudInitSeed(new NodeId("cms-0a1b"), context, "head.body.signature", KEY);
  }

  /** The script with all that it does outside a directory of the test taken out. */
  private Command.Outcome runIn(String script, String systemctl) throws Exception {
    Path bin = Files.createDirectories(dir.resolve("bin"));
    Path fake = bin.resolve("systemctl");
    Files.writeString(
        fake, "#!/bin/sh\necho \"$*\" >>" + dir.resolve("systemctl.log") + "\n" + systemctl);
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String top : List.of("etc", "proc", "sys", "run", "usr/libexec")) {
      Files.createDirectories(dir.resolve("root").resolve(top));
    }
    Files.writeString(dir.resolve("root/etc/hosts"), "127.0.0.1 localhost\n");
    Files.createDirectories(dir.resolve("root/proc/sys/kernel"));
    Files.writeString(dir.resolve("root/proc/stat"), "cpu 1\nbtime 1800000000\n");
    String moved =
        script.replaceAll(
            "(?<=[ =\"<>])/(run|usr/libexec|etc|proc|sys|dev/console)\\b", dir + "/root/$1");
    Files.createDirectories(dir.resolve("root/dev"));
    Path file = Files.writeString(dir.resolve("user-data"), moved);
    return Command.of(
            Duration.ofSeconds(20),
            List.of("/bin/sh", "-c", "PATH=" + bin + ":$PATH; exec /bin/sh " + file))
        .run();
  }

  @Test
  void bootHookPutsTheContextWhereTheGuestPackageDoesAndStartsHtcondor() throws Exception {
    String script = seed("NETWORK_HOSTNAME = cms-0a1b\nCONDOR_HOST = cm\n").userData();
    assertTrue(script.startsWith("#cloud-boothook\n#!/bin/sh\n"), script);
    Command.Outcome outcome = runIn(script, "");
    assertEquals(0, outcome.status(), outcome.stderr());
    Path root = dir.resolve("root");
    assertEquals(
        """
        NETWORK_HOSTNAME = cms-0a1b
        CONDOR_HOST = cm
        VocKernelTime = 1800000000
        STARTD_ATTRS = $(STARTD_ATTRS) VocKernelTime
        """,
        Files.readString(root.resolve("run/voc/condor.conf")));
    assertEquals("head.body.signature\n", Files.readString(root.resolve("run/voc/tokens.d/node")));
    assertEquals(KEY, Files.readString(root.resolve("run/voc/keys.d/voc-node")));
    for (String secret : List.of("run/voc/tokens.d/node", "run/voc/keys.d/voc-node")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(secret))));
    }
    assertFalse(Files.exists(root.resolve("run/voc-seed")));
    assertEquals("cms-0a1b\n", Files.readString(root.resolve("proc/sys/kernel/hostname")));
    assertTrue(Files.readString(root.resolve("etc/hosts")).contains("127.0.1.1 cms-0a1b"));
    assertTrue(Files.isExecutable(root.resolve("usr/libexec/voc/voc-node-ended")));
    assertTrue(
        Files.readString(root.resolve("etc/systemd/system/condor.service.d/voc-guest.conf"))
            .contains("voc-node-ended"));
    assertTrue(
        Files.readString(root.resolve("etc/condor/config.d/99-voc-guest.conf"))
            .contains("include ifexist : "));
    assertEquals(
        List.of("cat condor.service", "daemon-reload", "start --no-block condor.service"),
        Files.readAllLines(dir.resolve("systemctl.log")));
  }

  @Test
  void imageWithoutHtcondorSaysSoAndPowersOff() throws Exception {
    var _ = runIn(seed("X = 1\n").userData(), "[ \"$1\" != cat ]\n");
    assertTrue(
        Files.readString(dir.resolve("root/dev/console")).startsWith("voc: no HTCondor"),
        "said on the console");
    assertEquals(
        List.of("cat condor.service", "poweroff --force --force"),
        Files.readAllLines(dir.resolve("systemctl.log")));
    assertFalse(Files.exists(dir.resolve("root/run/voc")));
  }

  @Test
  void secretsAreInNoCommandsArgumentsAndInNoMessage() {
    CloudInitSeed seed = seed("X = 1\n");
    assertEquals("CloudInitSeed of cms-0a1b", seed.toString());
    // A here-document and the shell's own printf start no process that would show them.
    List<String> lines = seed.userData().lines().filter(l -> l.contains(KEY)).toList();
    assertEquals(List.of("printf %s " + KEY + " >/run/voc-seed/node-key/raw"), lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X = 1\nVOC_END_OF_FILE\nreboot\n", "X = 1\r\n", "X = 1"})
  void textThatWouldLeaveItsPlaceIsRefused(String context) {
    assertThrows(IllegalArgumentException.class, () -> seed(context).userData());
  }

  @Test
  void cloudInitKnowsTheNodeByItsName() {
    assertEquals("instance-id: cms-0a1b\nlocal-hostname: cms-0a1b\n", seed("X = 1\n").metaData());
    assertTrue(seed("X = 1\n").disk().length < 64 * 1024, "as small as its content");
  }
}
