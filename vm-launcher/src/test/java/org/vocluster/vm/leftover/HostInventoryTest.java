package org.vocluster.vm.leftover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.hypervisor.RunningMachine.Handle;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.qemu.NodeMarks;
import org.vocluster.vm.qemu.QemuProcesses;

class HostInventoryTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000);

  @TempDir Path dir;
  private Path execute = Path.of("/");
  private Path memory = Path.of("/");
  private Path state = Path.of("/");
  private Path images = Path.of("/");
  private HostInventory inventory =
      new HostInventory(
          HostProcesses.system(),
          QemuProcesses.system(),
          new Leases(images),
          new ImageStore(images),
          new HostInventory.Places(state, null, memory, execute));

  @BeforeEach
  void prepare() throws IOException {
    execute = Files.createDirectory(dir.resolve("execute"));
    memory = Files.createDirectory(dir.resolve("shm"));
    state = Files.createDirectory(dir.resolve("state"));
    images = Files.createDirectory(dir.resolve("images"));
    Files.createDirectory(dir.resolve("leases"));
    inventory = on(HostProcesses.system());
  }

  private HostInventory on(HostProcesses processes) {
    return new HostInventory(
        processes,
        new QemuProcesses(processes),
        new Leases(dir.resolve("leases")),
        new ImageStore(images),
        new HostInventory.Places(state, dir.resolve("consoles"), memory, execute));
  }

  /** A host on which nothing runs. */
  private HostInventory quiet() throws IOException {
    return on(new HostProcesses(Files.createDirectories(dir.resolve("proc"))));
  }

  private List<Leftover> leftovers(HostInventory host) throws IOException {
    return host.leftovers(
        host.machines().all(), ImageUse.load(state), System.currentTimeMillis() / 1000);
  }

  private static Path old(Path file) throws IOException {
    Files.writeString(file, "x");
    Files.setLastModifiedTime(file, LONG_AGO);
    return file;
  }

  /** A process that looks like a node's QEMU, with its files in that directory. */
  private Process machine(Path scratch) throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            "sleep 60; :",
            "sh",
            "guest=cms-1",
            NodeMarks.CONFIG + scratch.resolve("voc-condor.conf"))
        .start();
  }

  @Test
  void machineThatNoStarterHoldsIsKilledAndOthersAreNotEvenSeen() throws Exception {
    Process ours = machine(execute.resolve("dir_1"));
    Process elsewhere = machine(dir.resolve("by-hand"));
    try {
      List<Leftover> found = leftovers(inventory);
      assertEquals(1, found.size(), found.toString());
      assertEquals("QEMU process " + ours.pid() + " of node cms-1", found.getFirst().what());
      assertEquals(Optional.empty(), inventory.remove(found.getFirst()));
      assertTrue(ours.waitFor(10, TimeUnit.SECONDS));
      assertEquals(List.of(), leftovers(inventory));
      assertTrue(elsewhere.isAlive());
      assertEquals(Optional.empty(), inventory.remove(found.getFirst()), "gone already");
    } finally {
      ours.descendants().forEach(ProcessHandle::destroyForcibly);
      elsewhere.descendants().forEach(ProcessHandle::destroyForcibly);
      ours.destroyForcibly();
      elsewhere.destroyForcibly();
    }
  }

  @Test
  void machinesAreRecognisedByTheirCommandLines() throws Exception {
    HostInventory host = quiet();
    String name = "qemu\0-name\0guest=cms-1\0-fw_cfg\0";
    process(host, 1, name + "name=opt/org.vocluster/condor.conf,file=/ex,,ec/dir_1/c.conf\0");
    process(host, 2, name + "name=opt/org.vocluster/condor.conf,file=/other/dir_1/x\0");
    process(host, 3, "grep\0name=opt/org.vocluster/condor.conf\0");
    Files.createDirectories(host.processes().proc().resolve("4"));
    assertEquals(
        List.of(1L),
        host.machines().all().stream()
            .filter(machine -> machine.isUnder(Path.of("/ex,ec")))
            .map(machine -> machine.handle().number())
            .toList());
  }

  private static void process(HostInventory host, long pid, String commandLine) throws IOException {
    Path process = Files.createDirectories(host.processes().proc().resolve(Long.toString(pid)));
    Files.writeString(process.resolve("cmdline"), commandLine);
    Files.writeString(
        process.resolve("stat"), pid + " (x) S 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 880 1000 2\n");
  }

  @Test
  void processWithTheNumberOfADeadMachineIsSpared() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      RunningMachine dead =
          new RunningMachine(new Handle("QEMU process", other.pid(), 1), "cms-1", "/x");
      assertEquals(Optional.empty(), inventory.remove(new Leftover.Machine(dead)));
      assertTrue(other.isAlive());
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void machineUnderAStarterIsKept() throws Exception {
    Path starter = dir.resolve("condor_starter");
    Files.copy(Path.of("/bin/sh"), starter);
    Process above =
        new ProcessBuilder(
                starter.toString(),
                "-c",
                "/bin/sh -c 'sleep 60; :' sh guest=cms-1 "
                    + NodeMarks.CONFIG
                    + execute.resolve("dir_1/voc-condor.conf")
                    + "; :")
            .start();
    try {
      long end = System.nanoTime() + 10_000_000_000L;
      while (inventory.machines().all().stream().noneMatch(m -> m.isUnder(execute))) {
        assertTrue(System.nanoTime() < end);
        Thread.onSpinWait();
      }
      RunningMachine machine =
          inventory.machines().all().stream()
              .filter(m -> m.isUnder(execute))
              .findFirst()
              .orElseThrow();
      assertEquals(List.of(), leftovers(inventory));
      assertEquals(
          Optional.of("it has a condor_starter"), inventory.remove(new Leftover.Machine(machine)));
    } finally {
      above.descendants().forEach(ProcessHandle::destroyForcibly);
      above.destroyForcibly();
    }
  }

  @Test
  void nestedScratchDirectoryIsOneToo() throws Exception {
    Files.createDirectories(execute.resolve("dir_78/scratch"));
    Files.writeString(execute.resolve("dir_78/scratch/voc-qemu.args"), "x");
    Files.createDirectories(execute.resolve("dir_79/scratch"));
    List<Leftover> found = leftovers(quiet());
    assertEquals(List.of(new Leftover.Scratch(execute.resolve("dir_78"))), found);
    assertEquals(Optional.empty(), quiet().remove(found.getFirst()));
    assertFalse(Files.exists(execute.resolve("dir_78"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void scratchDirectoryOfADeadNodeGoesWithoutFollowingAnyLink() throws Exception {
    Path outside = Files.createDirectory(dir.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Files.createDirectories(execute.resolve("dir_77/sub/deeper"));
    Files.writeString(execute.resolve("dir_77/voc-qemu.args"), "x");
    Files.writeString(execute.resolve("dir_77/voc-overlay.qcow2"), "x");
    Files.createSymbolicLink(execute.resolve("dir_77/sub/link"), outside);
    Files.createSymbolicLink(execute.resolve("dir_77/file"), outside.resolve("precious"));
    HostInventory host = quiet();
    List<Leftover> found = leftovers(host);
    assertEquals(List.of(new Leftover.Scratch(execute.resolve("dir_77"))), found);
    assertEquals(Optional.empty(), host.remove(found.getFirst()));
    assertFalse(Files.exists(execute.resolve("dir_77"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(outside.resolve("precious")));
  }

  @Test
  void directoriesThatAreNoNodesAreLeftAlone() throws Exception {
    Files.createDirectory(execute.resolve("dir_5"));
    Files.writeString(
        Files.createDirectory(execute.resolve("dir_x")).resolve("voc-qemu.args"), "x");
    Files.writeString(Files.createDirectory(execute.resolve("mine")).resolve("voc-qemu.args"), "x");
    Path node = Files.createDirectory(dir.resolve("elsewhere"));
    Files.writeString(node.resolve("voc-qemu.args"), "x");
    Files.createSymbolicLink(execute.resolve("dir_6"), node);
    assertEquals(List.of(), leftovers(quiet()));
    assertEquals(
        Optional.of("it is no directory of that file system"),
        quiet().remove(new Leftover.Scratch(execute.resolve("dir_6"))));
    assertTrue(Files.exists(node.resolve("voc-qemu.args")));
  }

  @Test
  void startdThatCameBackMeanwhileRemovesScratchItself() throws Exception {
    HostInventory host = quiet();
    Path process = Files.createDirectory(host.processes().proc().resolve("9"));
    Files.writeString(
        process.resolve("stat"),
        "9 (condor_startd) S 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 880 1000 2\n");
    Files.writeString(
        Files.createDirectory(execute.resolve("dir_77")).resolve("voc-qemu.args"), "x");
    assertEquals(List.of(), leftovers(host));
    assertEquals(
        Optional.of("a condor_startd or its condor_starter runs again"),
        host.remove(new Leftover.Scratch(execute.resolve("dir_77"))));
  }

  @Test
  void filesOfKilledProcessesGoAndOthersStay() throws Exception {
    Path overlay = old(memory.resolve("voc-overlay.Ab12"));
    Path other = old(memory.resolve("sem.other"));
    Path target = old(dir.resolve("target"));
    Files.createSymbolicLink(memory.resolve("voc-overlay.link"), target);
    Path half = old(state.resolve(".write-1.tmp"));
    Path kept = old(state.resolve("image-use"));
    Path young = Files.writeString(state.resolve(".write-2.tmp"), "x");
    Path stamp = old(images.resolve(".write-3.tmp"));
    HostInventory host = quiet();
    List<Leftover> found = leftovers(host);
    assertEquals(
        List.of(
            new Leftover.Memory(overlay),
            new Leftover.Temporary(half),
            new Leftover.Temporary(stamp)),
        found);
    found.forEach(each -> assertEquals(Optional.empty(), host.remove(each)));
    assertFalse(Files.exists(overlay) || Files.exists(half) || Files.exists(stamp));
    assertTrue(
        Files.exists(other) && Files.exists(target) && Files.exists(kept) && Files.exists(young));
    assertEquals(List.of(), leftovers(host));
  }

  @Test
  void leaseThatWasTakenAnewMeanwhileIsKept() throws Exception {
    Path lease = dir.resolve("leases/cms-1.0123456789abcdef.lease");
    lease(lease, "4000000:1");
    HostInventory host = quiet();
    List<Leftover> found = leftovers(host);
    assertEquals(List.of(new Leftover.Lease(lease, "cms-1")), found);
    Path starter = Files.createDirectory(host.processes().proc().resolve("9"));
    Files.writeString(
        starter.resolve("stat"),
        "9 (condor_starter) S 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 880 1000 2\n");
    lease(lease, "9:880");
    assertEquals(Optional.of("its node is there again"), host.remove(found.getFirst()));
    assertTrue(Files.isSymbolicLink(lease));
    lease(lease, "9:881");
    assertEquals(Optional.empty(), host.remove(found.getFirst()));
    assertFalse(Files.isSymbolicLink(lease));
  }

  private static void lease(Path link, String starter) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(
        link, Path.of("image=" + "ab".repeat(32) + "\nstarter=" + starter + "\n"));
  }

  @Test
  void temporaryFileThatIsWrittenAnewMeanwhileIsKept() throws Exception {
    Path half = old(state.resolve(".write-1.tmp"));
    List<Leftover> found = leftovers(quiet());
    assertEquals(List.of(new Leftover.Temporary(half)), found);
    Files.writeString(half, "y");
    assertEquals(Optional.of("it is another file by now"), quiet().remove(found.getFirst()));
    assertTrue(Files.exists(half));
  }

  @Test
  void overlayInMemoryThatAProcessHoldsIsKept() throws Exception {
    Path overlay = old(memory.resolve("voc-overlay.Ab12"));
    Process holder = new ProcessBuilder("sleep", "60").redirectInput(overlay.toFile()).start();
    try {
      assertEquals(List.of(), leftovers(inventory));
    } finally {
      holder.destroyForcibly();
      assertTrue(holder.waitFor(10, TimeUnit.SECONDS));
    }
    assertEquals(List.of(new Leftover.Memory(overlay)), leftovers(inventory));
  }

  @Test
  void whatKilledProbesAndConsolesLeftGoes() throws Exception {
    Path consoles = Files.createDirectory(dir.resolve("consoles"));
    Path probe = old(state.resolve(".probe-12.img"));
    Path console = old(consoles.resolve(".write-3.tmp"));
    old(consoles.resolve("cms-1.log"));
    Files.createFile(state.resolve(".probe-now.img"));
    List<Leftover> found = leftovers(inventory);
    assertEquals(List.of(new Leftover.Temporary(console), new Leftover.Temporary(probe)), found);
    for (Leftover each : found) {
      assertEquals(Optional.empty(), inventory.remove(each));
    }
    assertEquals(List.of(), leftovers(inventory));
  }

  @Test
  void whatAKilledPluginLeftIsAPartWhateverItsFilesAreCalled() throws Exception {
    ImageDigest image = new ImageDigest("ab".repeat(32));
    Path plugin = Files.createDirectory(images.resolve("." + image + ".plugin"));
    Files.write(Files.createDirectory(plugin.resolve("sub")).resolve("half"), new byte[1000]);
    Files.write(plugin.resolve("image.tmp"), new byte[500]);
    ImageStore.Part part = new ImageStore(images).parts().getFirst();
    assertEquals(1500, part.bytes());
    assertFalse(part.running());
    List<Leftover> found =
        inventory.leftovers(List.of(), ImageUse.load(state), part.modified() + 1000);
    assertEquals(List.of(new Leftover.Part(image, images)), found);
    assertEquals(Optional.empty(), inventory.remove(found.getFirst()));
    assertFalse(Files.exists(plugin));
  }

  @Test
  void hostWithoutAnyOfTheDirectoriesHasNothingLeftOver() throws Exception {
    HostInventory nowhere =
        new HostInventory(
            HostProcesses.system(),
            QemuProcesses.system(),
            new Leases(dir.resolve("a")),
            new ImageStore(images),
            new HostInventory.Places(
                dir.resolve("c"), dir.resolve("f"), dir.resolve("d"), dir.resolve("e")));
    assertEquals(List.of(), leftovers(nowhere));
  }
}
