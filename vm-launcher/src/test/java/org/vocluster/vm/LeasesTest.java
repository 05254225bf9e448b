package org.vocluster.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
  private static final ImageDigest IMAGE = new ImageDigest("ab".repeat(32));
  private static final NodeId NODE = new NodeId("cms-1234");

  @TempDir Path dir;
  private Leases leases = new Leases(Path.of("/"));
  private HostProcesses host = HostProcesses.system();

  @BeforeEach
  void prepare() throws IOException {
    leases = new Leases(Files.createDirectory(dir.resolve("leases")));
    host = new HostProcesses(Files.createDirectory(dir.resolve("proc")));
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
    Path directory = Files.createDirectories(host.proc().resolve(pid));
    Files.writeString(
        directory.resolve("cmdline"),
        "qemu\0-name\0guest=" + node + "\0-fw_cfg\0" + QemuArguments.signature() + "/x\0");
  }

  private long now() {
    return System.currentTimeMillis() / 1000;
  }

  @Test
  void leaseHoldsWhileTheStarterLives() throws Exception {
    leases.take(NODE, IMAGE, host);
    assertEquals(Set.of(IMAGE), leases.images(host, now() + 100_000));
    process("10", 10, "condor_starter", 1, 881);
    assertEquals(Set.of(), leases.images(host, now()), "another process with the same number");
    assertFalse(Files.exists(leases.directory().resolve("cms-1234.lease")), "taken away");
  }

  @Test
  void leaseHoldsWhileTheNodesQemuOutlivesItsStarter() throws Exception {
    leases.take(NODE, IMAGE, host);
    Files.delete(host.proc().resolve("10/stat"));
    qemu("40", "cms-1234");
    assertEquals(Set.of(IMAGE), leases.images(host, now()));
    qemu("40", "cms-12345");
    assertEquals(Set.of(), leases.images(host, now()));
  }

  @Test
  void leaseWithoutAStarterHoldsForALaunch() throws Exception {
    process("10", 10, "systemd", 1, 880);
    leases.take(NODE, IMAGE, host);
    assertEquals(Set.of(IMAGE), leases.images(host, now() + 60));
    assertEquals(Set.of(), leases.images(host, now() + 600));
  }

  @Test
  void leaseIsTakenAnewAndGivenBack() throws Exception {
    leases.take(NODE, IMAGE, host);
    ImageDigest other = new ImageDigest("cd".repeat(32));
    leases.take(NODE, other, host);
    assertEquals(Set.of(other), leases.images(host, now()));
    leases.release(NODE);
    leases.release(NODE);
    assertEquals(Set.of(), leases.images(host, now()));
  }

  @Test
  void garbageHoldsNothingAndGoesWhenItIsOld() throws Exception {
    Path file = Files.writeString(leases.directory().resolve("x.lease"), "image=/etc/shadow\n");
    Files.createSymbolicLink(leases.directory().resolve("y.lease"), Path.of("/etc/passwd"));
    Files.writeString(leases.directory().resolve("z.lease"), "x".repeat(5000));
    assertEquals(Set.of(), leases.images(host, now()));
    assertTrue(Files.exists(file), "may just be written");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertEquals(Set.of(), leases.images(host, now()));
    assertFalse(Files.exists(file));
    assertTrue(Files.exists(Path.of("/etc/passwd")));
  }

  @Test
  void missingDirectoryIsAFaultForALaunchAndNoLeaseForTheCache() throws Exception {
    Leases nowhere = new Leases(dir.resolve("nowhere"));
    assertThrows(IOException.class, () -> nowhere.take(NODE, IMAGE, host));
    assertEquals(Set.of(), nowhere.images(host, now()));
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
    assertEquals(Set.of(IMAGE, kernel, initrd), leases.images(host, now()));
  }
}
