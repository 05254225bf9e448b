package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.RealTools;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.os.Command;

class OverlayTest {
  @TempDir Path dir;

  private VerifiedImage image(String name) throws Exception {
    Path file = RealTools.image(dir.resolve(name), "64M");
    return new VerifiedImage(RealTools.digest(file), file, FileKind.IMAGE, 64L << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "with,comma=on", "nbd:colon", "json:{}", "a b", "-o"})
  void overlayHasItsImageBehindItWhateverThePathLooksLike(String name) throws Exception {
    VerifiedImage image = image(name + ".img");
    byte[] before = Files.readAllBytes(image.file());
    Path overlay = dir.resolve(name + ".overlay");
    Overlay.create(image, overlay, 100);
    String info = RealTools.qemuImg("info", "--output=json", "-U", "--image-opts", opts(overlay));
    assertTrue(info.contains("\"virtual-size\": " + (100L << 20)), info);
    assertTrue(info.contains("\"backing-filename\": \"" + image.file() + "\""), info);
    assertArrayEquals(before, Files.readAllBytes(image.file()));
  }

  private static String opts(Path file) {
    return "driver=qcow2,file.driver=file,file.filename=" + file.toString().replace(",", ",,");
  }

  @ParameterizedTest
  @ValueSource(longs = {64, 65, 511, 512, 513, 10_240, 1L << 20, 64L << 20})
  void overlayIsWhatQemuWouldMakeAndCopiesNothing(long diskMb) throws Exception {
    VerifiedImage image = image("i");
    Path overlay = dir.resolve("o");
    Overlay.create(image, overlay, diskMb);
    String checked = RealTools.qemuImg("check", "--image-opts", opts(overlay));
    assertTrue(checked.contains("No errors were found"), checked);
    assertTrue(Files.size(overlay) < 2 << 20, () -> overlay.toFile().length() + " bytes");
    String info = RealTools.qemuImg("info", "--output=json", overlay.toString());
    assertTrue(info.contains("\"virtual-size\": " + (diskMb << 20)), info);
    assertTrue(info.contains("\"backing-filename-format\": \"qcow2\""), info);
  }

  @Test
  void nodesWriteIntoTheirOverlayAndReadTheImageThroughIt() throws Exception {
    VerifiedImage image = image("i");
    qemuIo(image.file(), "write -P 0x5a 0 1M");
    byte[] before = Files.readAllBytes(image.file());
    Path one = dir.resolve("one");
    Path two = dir.resolve("two");
    Overlay.create(image, one, 1000);
    Overlay.create(image, two, 1000);
    qemuIo(one, "read -P 0x5a 0 1M");
    qemuIo(one, "write -P 0xa5 512k 20M");
    qemuIo(one, "read -P 0xa5 512k 20M");
    qemuIo(two, "read -P 0x5a 512k 512k");
    qemuIo(two, "read -P 0 1M 60M");
    assertArrayEquals(before, Files.readAllBytes(image.file()));
    assertTrue(RealTools.qemuImg("check", one.toString()).contains("No errors were found"));
  }

  private static void qemuIo(Path file, String command) throws Exception {
    Path program = Path.of("/usr/bin/qemu-io");
    assumeTrue(Files.isExecutable(program), "needs qemu-io: install qemu-utils");
    Command.of(
            Duration.ofSeconds(60),
            List.of(program.toString(), "-f", "qcow2", "-c", command, file.toString()))
        .output();
  }

  @Test
  void existingFileIsNotOverwritten() throws Exception {
    Path there = Files.writeString(dir.resolve("o"), "precious");
    VerifiedImage image = image("i");
    assertThrows(IOException.class, () -> Overlay.create(image, there, 64));
    assertEquals("precious", Files.readString(there));
  }

  @Test
  void pathThatQemuWouldCutIsRefused() throws Exception {
    VerifiedImage image =
        new VerifiedImage(
            new ImageDigest("0".repeat(64)),
            Path.of("/" + "x/".repeat(600) + "i"),
            FileKind.IMAGE,
            1 << 20);
    IOException e =
        assertThrows(IOException.class, () -> Overlay.create(image, dir.resolve("o"), 64));
    assertTrue(String.valueOf(e.getMessage()).contains("more than 1023 bytes"), e.getMessage());
  }

  @Test
  void imageLargerThanTheDiskIsRefused() throws Exception {
    VerifiedImage image = image("i");
    Overlay.ImageTooLargeException e =
        assertThrows(
            Overlay.ImageTooLargeException.class,
            () -> Overlay.create(image, dir.resolve("o"), 63));
    assertEquals(
        "image " + image.digest() + " has a disk of 64 MiB, more than DiskMb = 63", e.getMessage());
  }
}
