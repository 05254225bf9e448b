package org.vocluster.vm.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void outputStreamsAndStatusAreKeptApart() throws Exception {
    Command.Outcome outcome =
        Command.of(LONG, List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 7")).run();
    assertEquals(new Command.Outcome(7, "out\n", "err\n"), outcome);
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() throws Exception {
    String odd = "a b\"c'd\\e$f;g\n*${h}";
    assertEquals(odd, Command.of(LONG, List.of("/usr/bin/printf", "%s", odd)).output());
  }

  @Test
  void environmentIsAddedTo() throws Exception {
    Command command =
        new Command(
            List.of("/bin/sh", "-c", "echo $VOC_X; test -n \"$PATH\""), Map.of("VOC_X", "1"), LONG);
    assertEquals("1\n", command.output());
  }

  @Test
  void failureCarriesCommandStatusAndStandardError() {
    CommandException e =
        assertThrows(
            CommandException.class,
            () -> Command.of(LONG, List.of("/bin/sh", "-c", "echo why >&2; exit 3")).output());
    assertEquals("`/bin/sh -c echo why >&2; exit 3` failed with status 3: why", e.getMessage());
  }

  @Test
  void missingProgramIsSaidSo() {
    CommandException e =
        assertThrows(
            CommandException.class, () -> Command.of(LONG, List.of("/nowhere/x")).output());
    assertTrue(String.valueOf(e.getMessage()).contains("could not be started"), e.getMessage());
  }

  @Test
  void hangingProgramAndItsChildrenAreKilledInTime(@TempDir Path dir) throws Exception {
    Path pid = dir.resolve("pid");
    long start = System.nanoTime();
    CommandException e =
        assertThrows(
            CommandException.class,
            () ->
                Command.of(
                        Duration.ofMillis(700),
                        List.of(
                            "/bin/sh",
                            "-c",
                            "trap '' TERM; sleep 60 & echo $! > " + pid + "; echo slow >&2; wait"))
                    .run());
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 5000, millis + " ms");
    assertTrue(
        String.valueOf(e.getMessage()).contains("was not done after 700 ms"), e.getMessage());
    long child = Long.parseLong(Files.readString(pid).strip());
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (isRunning(child) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertFalse(isRunning(child));
  }

  private static boolean isRunning(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (java.io.IOException e) {
      return false;
    }
  }

  @Test
  void endlessOutputIsCutAndNotBlocking() throws Exception {
    Command.Outcome outcome =
        Command.of(LONG, List.of("/bin/sh", "-c", "head -c 20000000 /dev/zero")).run();
    assertEquals(0, outcome.status());
    assertEquals(Command.OUTPUT_LIMIT, outcome.stdout().length());
  }
}
