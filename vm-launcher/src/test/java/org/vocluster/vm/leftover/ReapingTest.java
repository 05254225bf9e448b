package org.vocluster.vm.leftover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.hypervisor.RunningMachine.Handle;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.HostProcesses.Identity;

class ReapingTest {
  private static final long NOW = 1_800_000_000;
  private static final ImageDigest IMAGE = new ImageDigest("ab".repeat(32));
  private static final Identity STARTER = new Identity(10, 880);
  private static final RunningMachine MACHINE =
      new RunningMachine(
          new Handle("machine", 40, 900), "cms-1", "/execute/dir_10/voc-condor.conf");
  private static final Path LEASE = Path.of("/leases/cms-1.lease");
  private static final Path SCRATCH = Path.of("/execute/dir_10");

  private final List<Leases.LeaseFile> leases = new ArrayList<>();
  private final List<RunningMachine> machines = new ArrayList<>();
  private final List<Reaping.Aged> memory = new ArrayList<>();
  private final List<Reaping.Scratch> scratches = new ArrayList<>();
  private final List<Reaping.Aged> temporaries = new ArrayList<>();
  private final List<Reaping.Part> parts = new ArrayList<>();
  private final Set<Identity> starters = new HashSet<>();
  private final Set<Handle> kept = new HashSet<>();
  private final Set<Long> numbers = new HashSet<>();
  private final Set<Path> open = new HashSet<>();
  private boolean startd = true;

  private List<Leftover> leftovers() {
    return Reaping.leftovers(
        new Reaping.Found(leases, machines, memory, scratches, temporaries, parts),
        new Reaping.Living(starters, kept, numbers, startd, open),
        NOW);
  }

  private void lease(@Nullable Identity starter, long secondsAgo) {
    leases.add(
        new Leases.LeaseFile(
            LEASE,
            "cms-1",
            new Leases.Lease("cms-1", IMAGE, List.of(), starter, NOW - secondsAgo),
            NOW - secondsAgo));
  }

  @Test
  void nothingOfALivingNodeIsLeftOver() {
    lease(STARTER, 100_000);
    machines.add(MACHINE);
    scratches.add(new Reaping.Scratch(SCRATCH, 10));
    starters.add(STARTER);
    kept.add(MACHINE.handle());
    numbers.add(10L);
    for (boolean runs : new boolean[] {true, false}) {
      startd = runs;
      assertEquals(List.of(), leftovers());
    }
  }

  @Test
  void nodeThatIsBeingPreparedHasNoMachineYet() {
    lease(STARTER, 5);
    starters.add(STARTER);
    scratches.add(new Reaping.Scratch(SCRATCH, 10));
    numbers.add(10L);
    startd = false;
    assertEquals(List.of(), leftovers());
  }

  @Test
  void machineWithoutAStarterIsLeftOverAndHoldsItsLeaseAndScratch() {
    lease(STARTER, 100_000);
    machines.add(MACHINE);
    scratches.add(new Reaping.Scratch(SCRATCH, 10));
    startd = false;
    assertEquals(List.of(new Leftover.Machine(MACHINE)), leftovers());
    machines.clear();
    assertEquals(
        List.of(new Leftover.Lease(LEASE, "cms-1"), new Leftover.Scratch(SCRATCH)), leftovers());
  }

  @Test
  void processThatGotTheNumberOfAKeptMachineIsNotThatMachine() {
    machines.add(MACHINE);
    kept.add(new Handle("machine", 40, 901));
    assertEquals(1, leftovers().size());
  }

  @Test
  void leaseThatNamesNoStarterHoldsForALaunch() {
    lease(null, 119);
    assertEquals(List.of(), leftovers());
    leases.clear();
    lease(null, 121);
    assertEquals(List.of(new Leftover.Lease(LEASE, "cms-1")), leftovers());
  }

  @Test
  void leaseThatCannotBeReadMayJustBeWritten() {
    leases.add(new Leases.LeaseFile(LEASE, "cms-1", null, NOW - 10));
    assertEquals(List.of(), leftovers());
    leases.set(0, new Leases.LeaseFile(LEASE, "cms-1", null, NOW - 1000));
    assertEquals(List.of(new Leftover.Lease(LEASE, "cms-1")), leftovers());
  }

  @Test
  void startdRemovesScratchDirectoriesItself() {
    scratches.add(new Reaping.Scratch(SCRATCH, 10));
    assertEquals(List.of(), leftovers());
    startd = false;
    assertEquals(List.of(new Leftover.Scratch(SCRATCH)), leftovers());
  }

  @Test
  void overlayInMemoryWithANameIsLeftOverOnceItsLaunchCannotBeUnderWay() {
    Path file = Path.of("/dev/shm/voc-overlay.x1");
    memory.add(new Reaping.Aged(file, NOW - 59));
    assertEquals(List.of(), leftovers());
    memory.set(0, new Reaping.Aged(file, NOW - 60));
    assertEquals(List.of(new Leftover.Memory(file)), leftovers());
    open.add(file);
    assertEquals(List.of(), leftovers());
  }

  @Test
  void temporaryFilesAndHalfImagesGoWhenNobodyIsAtWorkOnThem() {
    Path file = Path.of("/state/.write-1.tmp");
    temporaries.add(new Reaping.Aged(file, NOW - 10));
    parts.add(part(true, 100_000));
    parts.add(part(false, 10));
    assertEquals(List.of(), leftovers());
    temporaries.add(new Reaping.Aged(file, NOW - 100));
    parts.add(part(false, 100_000));
    assertEquals(
        List.of(new Leftover.Temporary(file), new Leftover.Part(IMAGE, Path.of("/images"))),
        leftovers());
  }

  private static Reaping.Part part(boolean running, long wantedSecondsAgo) {
    return new Reaping.Part(
        new ImageStore.Part(IMAGE, 10, 100, 100, running, NOW - 100_000),
        NOW - wantedSecondsAgo,
        Path.of("/images"));
  }
}
