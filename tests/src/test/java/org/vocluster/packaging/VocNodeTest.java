package org.vocluster.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.pool.Await;
import org.vocluster.pool.PoolException;

/** The executable of node jobs, with another program in QEMU's place. */
final class VocNodeTest {
  private static final Path VOC_NODE = Path.of("../packaging/bin/voc-node").toAbsolutePath();
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path scratch;

  @Test
  void becomesWhatPrepareJobWroteWithEachLineAsOneWord() throws Exception {
    prepare("/usr/bin/printf", "%s\\n", "a b", "$HOME `id`", "*", "--");
    Process node = start("exec " + VOC_NODE);
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, node.waitFor());
    assertEquals("a b\n$HOME `id`\n*\n--\n", said);
  }

  @Test
  void machineEndsWithAStarterThatIsKilled() throws Exception {
    prepare("/bin/sleep", "1000");
    Process starter = start(VOC_NODE + " & wait");
    long machine = awaitMachine(starter);
    starter.toHandle().destroyForcibly();
    Await.until("the machine to be gone", SOON, () -> isSleep(machine), sleeps -> !sleeps);
  }

  @Test
  void runsNothingThatPrepareJobDidNotWrite() throws Exception {
    Process node = start("exec " + VOC_NODE);
    String said = new String(node.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, node.waitFor());
    assertTrue(said.contains("was not prepared as a node"), said);
  }

  private void prepare(String... words) throws IOException {
    Files.writeString(scratch.resolve("voc-qemu.args"), String.join("\n", words) + "\n");
  }

  private Process start(String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.environment().put("_CONDOR_SCRATCH_DIR", scratch.toString());
    return builder.start();
  }

  private static long awaitMachine(Process starter) throws PoolException, InterruptedException {
    return Await.until(
            "the machine to run",
            SOON,
            () -> starter.children().filter(child -> isSleep(child.pid())).findFirst(),
            Optional::isPresent)
        .orElseThrow()
        .pid();
  }

  private static boolean isSleep(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).startsWith("/bin/sleep");
    } catch (IOException e) {
      return false;
    }
  }
}
