package org.vocluster.vm.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostMemoryTest {
  private static long beside(int cpus, long memoryMb, int gpus) {
    return HostMemory.besideGuest(new MachineShape(ShapeName.DEFAULT, cpus, memoryMb, 1024, gpus));
  }

  private record Measured(long memoryMb, int cpus, long own) {
    static List<Measured> all() throws IOException {
      try (InputStream in =
          Objects.requireNonNull(HostMemoryTest.class.getResourceAsStream("qemu-memory.txt"))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split(" +", -1))
            .map(
                words ->
                    new Measured(
                        Long.parseLong(words[0]),
                        Integer.parseInt(words[1]),
                        Long.parseLong(words[3])))
            .toList();
      }
    }
  }

  @Test
  void whatQemuWasSeenToTakeInEmulationIsAskedFor() throws IOException {
    List<Measured> all = Measured.all();
    assertTrue(all.size() >= 5, all::toString);
    for (Measured one : all) {
      assertTrue(beside(one.cpus, one.memoryMb, 0) >= one.own, one::toString);
    }
  }

  /** KubeVirt's figures for QEMU with KVM, without those for its own daemons. */
  @ParameterizedTest
  @CsvSource({"1024, 1", "2048, 8", "8192, 4", "16384, 16", "32768, 1", "32768, 32", "262144, 64"})
  void whatOthersReserveForKvmIsAskedFor(long memoryMb, int cpus) {
    long published = 50 + 8 * cpus + 8 + memoryMb / 512;
    assertTrue(beside(cpus, memoryMb, 0) >= published, () -> published + " MB");
  }

  @ParameterizedTest
  @CsvSource({"4096, 2", "8192, 4", "32768, 8", "65536, 32"})
  void littleIsWasted(long memoryMb, int cpus) {
    assertTrue(
        beside(cpus, memoryMb, 0) <= 224 + 16L * cpus + memoryMb / 128,
        () -> beside(cpus, memoryMb, 0) + " MB");
  }

  @Test
  void aNodeAsksForItsGuestAndForQemu() {
    MachineShape shape = new MachineShape(ShapeName.DEFAULT, 4, 8192, 1024, 0);
    assertEquals(8192 + HostMemory.besideGuest(shape), HostMemory.of(shape));
    // The host keeps tables for what a GPU may reach, which is all of the guest's memory.
    assertEquals(64, beside(4, 32768, 1) - beside(4, 32768, 0));
  }
}
