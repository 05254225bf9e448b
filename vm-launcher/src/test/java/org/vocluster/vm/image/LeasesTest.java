package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.hypervisor.RunningMachines;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.qemu.NodeMarks;
import org.vocluster.vm.qemu.QemuProcesses;

class LeasesTest {
  private static final ImageDigest IMAGE = new ImageDigest("ab".repeat(32));
  private static final NodeId NODE = new NodeId("cms-1234");

  @TempDir Path dir;
  private Leases leases = new Leases(Path.of("/"));
  private HostProcesses host = HostProcesses.system();
  private RunningMachines machines = QemuProcesses.system();

  @BeforeEach
  void prepare() throws IOException {
    leases = new Leases(Files.createDirectory(dir.resolve("leases")));
    host = new HostProcesses(Files.createDirectory(dir.resolve("proc")));
    machines = new QemuProcesses(host);
    process("self", 30, "java", 20, 900);
    process("20", 20, "sh", 10, 890);
    process("10", 10, "condor_starter", 1, 880);
  }

  private void process(String entry, long pid, String name, long parent, long start)
      throws IOException {
    Path directory = Files.createDirectories(host.proc().resolve(entry));
    Files.writeString(
        directory.resolve("stat"),
        pid
            + " ("
            + name
            + ") S "
            + parent
            + " 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "
            + start
            + " 1000 2\n");
    Files.writeString(directory.resolve("cmdline"), name + "\0");
  }

  private void qemu(String pid, String node) throws IOException {
    process(pid, Long.parseLong(pid), "qemu", 1, 900);
    Files.writeString(
        host.proc().resolve(pid).resolve("cmdline"),
        "qemu\0-name\0guest=" + node + "\0-fw_cfg\0" + NodeMarks.CONFIG + "/x\0");
  }

  private long now() {
    return System.currentTimeMillis() / 1000;
  }

  @Test
  void leaseHoldsWhileTheStarterLives() throws Exception {
    leases.take(NODE, IMAGE, host);
    assertEquals(Set.of(IMAGE), leases.images(host, machines, now() + 100_000));
    process("10", 10, "condor_starter", 1, 881);
    assertEquals(
        Set.of(), leases.images(host, machines, now()), "another process with the same number");
    assertEquals(List.of(), names(), "taken away");
  }

  @Test
  void leaseHoldsWhileTheNodesQemuOutlivesItsStarter() throws Exception {
    leases.take(NODE, IMAGE, host);
    Files.delete(host.proc().resolve("10/stat"));
    qemu("40", "cms-1234");
    assertEquals(Set.of(IMAGE), leases.images(host, machines, now()));
    qemu("40", "cms-12345");
    assertEquals(Set.of(), leases.images(host, machines, now()));
  }

  @Test
  void leaseWithoutAStarterHoldsForALaunch() throws Exception {
    process("10", 10, "systemd", 1, 880);
    leases.take(NODE, IMAGE, host);
    assertEquals(Set.of(IMAGE), leases.images(host, machines, now() + 60));
    assertEquals(Set.of(), leases.images(host, machines, now() + 600));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(leases.directory())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private Path link(String name, String text) throws IOException {
    return Files.createSymbolicLink(leases.directory().resolve(name), Path.of(text));
  }

  /** The entry itself, which is neither opened nor followed. */
  private static void makeOld(Path entry) throws CommandException {
    run("touch", "-h", "-d", "@1000000", entry.toString());
  }

  private static void run(String... argv) throws CommandException {
    Command.of(Duration.ofSeconds(10), List.of(argv)).output();
  }

  @Test
  void allLeasesOfANodeAreGivenBackAndNobodyElses() throws Exception {
    ImageDigest other = new ImageDigest("cd".repeat(32));
    leases.take(NODE, IMAGE, host);
    leases.take(NODE, IMAGE, host);
    leases.take(new NodeId("cms-12345"), other, host);
    assertEquals(Set.of(IMAGE, other), leases.images(host, machines, now()));
    leases.release(NODE);
    leases.release(NODE);
    assertEquals(Set.of(other), leases.images(host, machines, now()));
    assertTrue(names().getFirst().matches("cms-12345\\.[0-9a-f]{16}\\.lease"), names().toString());
  }

  @Test
  void nodesNameOnFilesOfOthersKeepsNoLeaseFromBeingTaken() throws Exception {
    Files.createDirectories(leases.directory().resolve("cms-1234.lease/in the way"));
    Path foreign = leases.directory().resolve("cms-1234.0123456789abcdef.lease");
    Files.createDirectories(foreign.resolve("of another account"));
    leases.take(NODE, IMAGE, host);
    assertEquals(Set.of(IMAGE), leases.images(host, machines, now()));
    leases.release(NODE);
    assertEquals(Set.of(), leases.images(host, machines, now()));
    assertTrue(Files.exists(foreign));
  }

  @Test
  void whatIsNoLinkIsNotOpenedAndGoesWhenItIsOld() throws Exception {
    Path fifo = leases.directory().resolve("cms-1.0123456789abcdef.lease");
    run("mkfifo", fifo.toString());
    Path file = leases.directory().resolve("cms-2.0123456789abcdef.lease");
    Files.writeString(file, "image=" + IMAGE + "\n");
    assertEquals(
        Set.of(),
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> leases.images(host, machines, now())));
    assertEquals(
        List.of("cms-1.0123456789abcdef.lease", "cms-2.0123456789abcdef.lease"),
        leases.files().stream().map(Leases.LeaseFile::node).sorted().toList());
    makeOld(fifo);
    makeOld(file);
    assertEquals(Set.of(), leases.images(host, machines, now()));
    assertEquals(List.of(), names());
  }

  @Test
  void linkThatSaysNothingHoldsNothingAndIsNotFollowed() throws Exception {
    Path target = Files.writeString(dir.resolve("target"), "image=" + IMAGE + "\n");
    makeOld(target);
    Path link = link("cms-1.0123456789abcdef.lease", target.toString());
    link("cms-2.0123456789abcdef.lease", "image=/etc/shadow");
    link("cms-3.lease", "image=" + IMAGE);
    link("Not_a_node.0123456789abcdef.lease", "image=" + IMAGE);
    assertEquals(Set.of(), leases.images(host, machines, now()));
    assertEquals(4, names().size(), "may just be made");
    makeOld(link);
    assertEquals(Set.of(), leases.images(host, machines, now()));
    assertEquals(3, names().size());
    assertTrue(Files.exists(target));
  }

  @Test
  void namesThatOneAccountHeapsUpHideNoLeaseOfAnother() throws Exception {
    assumeTrue(
        Files.getAttribute(leases.directory(), "unix:uid").equals(0), "only root can give away");
    for (int i = 0; i < 3000; i++) {
      Path junk = link("cms-" + i + "0.0123456789abcdef.lease", "junk");
      Files.setAttribute(junk, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
    }
    for (int i = 0; i < 100; i++) {
      leases.take(new NodeId("cms-" + i), new ImageDigest("%064x".formatted(i)), host);
    }
    assertEquals(100, leases.images(host, machines, now()).size());
    assertEquals(1100, leases.files().size(), "and no more is looked at");
  }

  @Test
  void missingDirectoryIsAFaultForALaunchAndNoLeaseForTheCache() throws Exception {
    Leases nowhere = new Leases(dir.resolve("nowhere"));
    assertThrows(IOException.class, () -> nowhere.take(NODE, IMAGE, host));
    assertEquals(Set.of(), nowhere.images(host, machines, now()));
  }

  @Test
  void realProcessesAreToldApartFromTheirSuccessors() throws Exception {
    HostProcesses real = HostProcesses.system();
    Process child = new ProcessBuilder("sleep", "60").start();
    String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    HostProcesses.Identity identity =
        new HostProcesses.Identity(child.pid(), Long.parseLong(fields[19]));
    assertTrue(real.lives(identity));
    assertFalse(real.lives(new HostProcesses.Identity(child.pid(), identity.start() + 1)));
    child.destroyForcibly();
    assertTrue(child.waitFor(10, TimeUnit.SECONDS));
    assertFalse(real.lives(identity));
  }

  @Test
  void kernelAndInitrdOfANodeAreInUseWithItsImage() throws IOException {
    ImageDigest kernel = new ImageDigest("01".repeat(32));
    ImageDigest initrd = new ImageDigest("02".repeat(32));
    leases.take(NODE, IMAGE, List.of(kernel, initrd), host);
    assertEquals(Set.of(IMAGE, kernel, initrd), leases.images(host, machines, now()));
    Path link = leases.directory().resolve(names().getFirst());
    assertTrue(
        Files.readSymbolicLink(link).toString().length() < 1024, "what XFS takes as a target");
  }
}
