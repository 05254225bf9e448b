package org.vocluster.vm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTest {
  @TempDir Path dir;

  private VerifiedImage image(String name) throws Exception {
    Path file = RealTools.image(dir.resolve(name), "64M");
    return new VerifiedImage(RealTools.digest(file), file, 64L << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "with,comma=on", "nbd:colon", "json:{}", "a b", "-o"})
  void overlayHasItsImageBehindItWhateverThePathLooksLike(String name) throws Exception {
    VerifiedImage image = image(name + ".img");
    byte[] before = Files.readAllBytes(image.file());
    Path overlay = dir.resolve(name + ".overlay");
    Overlay.create(RealTools.qemuImg(), image, overlay, 100);
    String info =
        RealTools.qemuImg(
            "info",
            "--output=json",
            "-U",
            "--image-opts",
            "driver=qcow2,file.driver=file,file.filename=" + overlay.toString().replace(",", ",,"));
    assertTrue(info.contains("\"virtual-size\": " + (100L << 20)), info);
    assertTrue(info.contains("\"backing-filename\": \"" + image.file() + "\""), info);
    assertArrayEquals(before, Files.readAllBytes(image.file()));
  }

  @Test
  void imageLargerThanTheDiskIsRefused() throws Exception {
    VerifiedImage image = image("i");
    Overlay.ImageTooLargeException e =
        assertThrows(
            Overlay.ImageTooLargeException.class,
            () -> Overlay.create(RealTools.qemuImg(), image, dir.resolve("o"), 63));
    assertEquals(
        "image " + image.digest() + " has a disk of 64 MiB, more than DiskMb = 63", e.getMessage());
  }

  @Test
  void failureOfQemuImgIsToldWithItsWords() throws Exception {
    VerifiedImage gone = new VerifiedImage(new ImageDigest("0".repeat(64)), dir.resolve("gone"), 1);
    CommandException e =
        assertThrows(
            CommandException.class,
            () -> Overlay.create(RealTools.qemuImg(), gone, dir.resolve("o"), 1));
    assertTrue(String.valueOf(e.getMessage()).contains("No such file"), e.getMessage());
  }
}
