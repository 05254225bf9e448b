package org.vocluster.vm.qemu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.RealTools;
import org.vocluster.vm.hypervisor.Accelerator;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;
import org.vocluster.vm.os.Command;

class AcceleratorProbeTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path dir;

  @Test
  void guestRunsToItsEndUnderTcg() throws Exception {
    AcceleratorAnswer answer =
        AcceleratorProbe.run(RealTools.qemu(), Accelerator.TCG, dir, Duration.ofSeconds(20));
    assertTrue(answer.works(), answer.reason());
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void kvmAnswerComesWithinItsBoundAndWithAReason() {
    long start = System.nanoTime();
    AcceleratorAnswer answer =
        AcceleratorProbe.run(RealTools.qemu(), Accelerator.KVM, dir, AcceleratorProbe.BOUND);
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < AcceleratorProbe.BOUND.toMillis() + 2000, millis + " ms");
    assertFalse(answer.reason().isBlank());
  }

  /** The answer where QEMU is that shell script. */
  private AcceleratorAnswer probe(String script, Duration bound) throws Exception {
    Path fake = RealTools.script(dir.resolve("qemu"), script);
    return AcceleratorProbe.run(fake, Accelerator.TCG, dir, bound);
  }

  @Test
  void hangingQemuIsANo() throws Exception {
    AcceleratorAnswer answer = probe("exec sleep 60", Duration.ofMillis(300));
    assertFalse(answer.works());
    assertTrue(answer.reason().contains("was not done after 300 ms"), answer.reason());
  }

  @Test
  void guestThatFaultsIsANo() throws Exception {
    AcceleratorAnswer answer = probe("echo 'KVM: entry failed' >&2; exit 0", Duration.ofSeconds(9));
    assertFalse(answer.works());
    assertTrue(answer.reason().endsWith("KVM: entry failed"), answer.reason());
  }

  @Test
  void qemuThatAbortsLeavesNoCore() throws Exception {
    AcceleratorAnswer answer = probe("ulimit -c >&2; kill -ABRT $$", Duration.ofSeconds(9));
    assertFalse(answer.works());
    assertTrue(answer.reason().endsWith(": 0"), answer.reason());
  }

  @Test
  void qemuIsToldToDieWithTheProbe() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
    Path dump = dir.resolve("dump");
    Path fake = RealTools.script(dir.resolve("qemu"), "exec setpriv --dump > " + dump);
    var _ = AcceleratorProbe.run(fake, Accelerator.TCG, dir, Duration.ofSeconds(9));
    assertTrue(
        Files.readString(dump).toLowerCase(Locale.ROOT).contains("parent death signal: kill"),
        Files.readString(dump));
  }

  @Test
  void bootSectorIsWhatTheSourceBesideItAssemblesTo() throws Exception {
    assertEquals(512, AcceleratorProbe.bootSector().length);
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/as")), "needs binutils to assemble probe.S");
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs an x86-64 assembler");
    Path object = dir.resolve("probe.o");
    Path binary = dir.resolve("probe.bin");
    Path source = Path.of("src/main/asm/probe.S").toAbsolutePath();
    Duration bound = Duration.ofSeconds(20);
    Command.of(bound, List.of("/usr/bin/as", "--32", "-o", object.toString(), source.toString()))
        .output();
    Command.of(
            bound,
            List.of(
                "/usr/bin/ld",
                "-m",
                "elf_i386",
                "-Ttext",
                "0x7c00",
                "-e",
                "start",
                "--oformat",
                "binary",
                "-o",
                binary.toString(),
                object.toString()))
        .output();
    assertArrayEquals(Files.readAllBytes(binary), AcceleratorProbe.bootSector());
  }

  @Test
  void cachedAnswerIsReadableByAllAndHoldsForThisQemuOnly() throws Exception {
    Path qemu = RealTools.script(dir.resolve("qemu"), "exit 9");
    AcceleratorCache cache = new AcceleratorCache(dir, qemu);
    assertEquals(Optional.empty(), cache.read());
    AcceleratorAnswer answer = new AcceleratorAnswer(true, "it ran\nwell");
    cache.write(answer, NOW);
    assertEquals(Optional.of(new AcceleratorAnswer(true, "it ran\\u000awell")), cache.read());
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("accelerator"))));
    Files.delete(qemu);
    RealTools.script(qemu, "exit 10");
    assertEquals(Optional.empty(), cache.read());
  }

  @Test
  void noIsBelievedForAnHourAndYesForTheBoot() throws Exception {
    Path qemu = RealTools.script(dir.resolve("qemu"), "echo probed again >&2; exit 9");
    AcceleratorCache cache = new AcceleratorCache(dir, qemu);
    cache.write(new AcceleratorAnswer(false, "busy"), NOW);
    assertEquals("busy", cache.readOrProbe(NOW.plusSeconds(3599)).reason());
    assertTrue(!cache.readOrProbe(NOW.plusSeconds(3601)).reason().equals("busy"));
    cache.write(new AcceleratorAnswer(true, "fine"), NOW);
    assertEquals("fine", cache.readOrProbe(NOW.plusSeconds(9_999_999)).reason());
  }

  @Test
  void damagedCacheIsNoAnswer() throws Exception {
    Path qemu = RealTools.script(dir.resolve("qemu"), "exit 9");
    Files.writeString(dir.resolve("accelerator"), "\0garbage\nfor=\nworks=true\n");
    assertEquals(Optional.empty(), new AcceleratorCache(dir, qemu).read());
  }

  @Test
  void versionIsTakenFromQemusOwnWords() throws Exception {
    assertEquals("7.2.22", QemuVersion.number("QEMU emulator version 7.2.22 (Debian 1:7.2)\nx"));
    assertEquals("unknown", QemuVersion.number("hello"));
    Path qemu = RealTools.script(dir.resolve("qemu"), "echo QEMU emulator version 10.0.6");
    assertEquals("10.0.6", QemuVersion.of(qemu, dir));
    assertEquals("10.0.6", QemuVersion.of(qemu, dir));
  }
}
