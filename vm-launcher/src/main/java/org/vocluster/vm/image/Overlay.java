package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.vocluster.vm.definition.ImageDigest;

/**
 * A node's own disk: an empty qcow2 file over the read-only image. Copies nothing and reads no
 * digest.
 *
 * <p>It is what {@code qemu-img create} would make (version 3, clusters of 64 KiB; QEMU's
 * docs/interop/qcow2.txt), written directly: starting that program took longer than all else that a
 * launch does. The file is sparse: header, one refcount table, one refcount block, and an L1 table
 * of zeros.
 */
public final class Overlay {
  private static final long MIB = 1024 * 1024;
  private static final int CLUSTER_BITS = 16;
  private static final int CLUSTER = 1 << CLUSTER_BITS;
  private static final int HEADER = 104;
  private static final byte[] FORMAT = "qcow2".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_NAME = 1023;

  /** A refcount block of 16-bit counts in one cluster covers so many clusters. */
  private static final int COVERED = CLUSTER / 2;

  private Overlay() {}

  /**
   * Makes the overlay.
   *
   * @param overlay must not exist
   * @param diskMb size in MiB of the disk that the guest sees; not below the image's
   * @throws ImageTooLargeException if the image does not fit into {@code diskMb}
   * @throws IOException if the file cannot be written, as on a full disk
   */
  public static void create(VerifiedImage image, Path overlay, long diskMb)
      throws ImageTooLargeException, IOException {
    if (image.virtualSize() > diskMb * MIB) {
      throw new ImageTooLargeException(image.digest(), image.virtualSize(), diskMb);
    }
    ByteBuffer header = header(image.file().toAbsolutePath(), diskMb * MIB);
    long l1Clusters = clusters(l1Entries(diskMb * MIB) * 8);
    long used = 3 + l1Clusters;
    if (used > COVERED) {
      throw new IOException("a disk of " + diskMb + " MiB needs more than one refcount block");
    }
    try (FileChannel file =
        FileChannel.open(
            overlay,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      write(file, header, 0);
      write(file, ByteBuffer.allocate(8).putLong(2L * CLUSTER).flip(), CLUSTER);
      ByteBuffer counts = ByteBuffer.allocate((int) used * 2).order(ByteOrder.BIG_ENDIAN);
      while (counts.hasRemaining()) {
        counts.putShort((short) 1);
      }
      write(file, counts.flip(), 2L * CLUSTER);
      write(file, ByteBuffer.allocate(1), used * CLUSTER - 1);
    }
  }

  private static void write(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** An L2 table is a cluster of 8-byte entries, one for each cluster of the guest's disk. */
  private static long l1Entries(long diskBytes) {
    long covered = (long) CLUSTER * (CLUSTER / 8);
    return (diskBytes + covered - 1) / covered;
  }

  private static long clusters(long bytes) {
    return (bytes + CLUSTER - 1) / CLUSTER;
  }

  private static ByteBuffer header(Path backing, long diskBytes) throws IOException {
    byte[] name = backing.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length > LONGEST_NAME) {
      throw new IOException(
          "the image's path has more than " + LONGEST_NAME + " bytes, which QEMU does not take");
    }
    int nameOffset = HEADER + 8 + 8 + 8;
    return ByteBuffer.allocate(nameOffset + name.length)
        .putInt(Qcow2Header.MAGIC)
        .putInt(3)
        .putLong(nameOffset)
        .putInt(name.length)
        .putInt(CLUSTER_BITS)
        .putLong(diskBytes)
        .putInt(0) // encryption
        .putInt((int) l1Entries(diskBytes))
        .putLong(3L * CLUSTER)
        .putLong(CLUSTER)
        .putInt(1) // clusters of the refcount table
        .putInt(0) // snapshots
        .putLong(0)
        .putLong(0) // incompatible, compatible and autoclear features
        .putLong(0)
        .putLong(0)
        .putInt(4) // refcounts of 2^4 bits
        .putInt(HEADER)
        .putInt(Qcow2Header.BACKING_FORMAT)
        .putInt(FORMAT.length)
        .put(FORMAT)
        .put(new byte[3])
        .putLong(0) // end of extensions
        .put(name)
        .flip();
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
