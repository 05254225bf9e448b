package org.vocluster.vm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A node's own disk: an empty qcow2 file over the read-only image. Copies nothing and reads no
 * digest.
 */
public final class Overlay {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final long MIB = 1024 * 1024;

  private Overlay() {}

  /**
   * Makes the overlay.
   *
   * @param diskMb size in MiB of the disk that the guest sees; not below the image's
   * @throws ImageTooLargeException if the image does not fit into {@code diskMb}
   * @throws CommandException if qemu-img fails, as on a full disk
   */
  public static void create(Path qemuImg, VerifiedImage image, Path overlay, long diskMb)
      throws ImageTooLargeException, CommandException {
    if (image.virtualSize() > diskMb * MIB) {
      throw new ImageTooLargeException(image.digest(), image.virtualSize(), diskMb);
    }
    Command.of(TIMEOUT, argv(qemuImg, image.file(), overlay, diskMb)).output();
  }

  /**
   * Absolute paths only: QEMU takes what stands before a colon in a relative one for a protocol.
   */
  static List<String> argv(Path qemuImg, Path image, Path overlay, long diskMb) {
    return List.of(
        qemuImg.toString(),
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "qcow2",
        "-b",
        image.toAbsolutePath().toString(),
        overlay.toAbsolutePath().toString(),
        diskMb + "M");
  }

  /** The image's disk is larger than the one the node may have. */
  public static final class ImageTooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    ImageTooLargeException(ImageDigest image, long virtualSize, long diskMb) {
      super(
          "image "
              + image
              + " has a disk of "
              + (virtualSize + MIB - 1) / MIB
              + " MiB, more than DiskMb = "
              + diskMb);
    }
  }
}
