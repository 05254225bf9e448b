package org.vocluster.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The facts of a qcow2 file's header that decide whether the file may serve as an image (QEMU's
 * docs/interop/qcow2.txt).
 *
 * @param version 2 or 3
 * @param virtualSize size in bytes of the disk that the guest sees
 */
record Qcow2Header(
    boolean qcow2,
    int version,
    long backingFileOffset,
    long virtualSize,
    int cryptMethod,
    long incompatibleFeatures) {
  static final int SIZE = 104;

  private static final int MAGIC = 0x514649fb;
  private static final int V2_SIZE = 72;
  private static final long DIRTY = 1;
  private static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL_DATA = 1 << 2;
  private static final long COMPRESSION_TYPE = 1 << 3;
  private static final long EXTENDED_L2 = 1 << 4;
  private static final long KNOWN =
      DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;

  /** Reads the header at the start of the file. */
  static Qcow2Header read(FileChannel file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(SIZE);
    while (head.hasRemaining() && file.read(head, head.position()) >= 0) {
      // A short read goes on where it stopped.
    }
    return parse(head.flip());
  }

  /** Takes the header from its first bytes, big-endian as in the file. */
  static Qcow2Header parse(ByteBuffer head) {
    if (head.limit() < V2_SIZE || head.getInt(0) != MAGIC) {
      return new Qcow2Header(false, 0, 0, 0, 0, 0);
    }
    int version = head.getInt(4);
    long features = version >= 3 && head.limit() >= 80 ? head.getLong(72) : 0;
    return new Qcow2Header(
        true, version, head.getLong(8), head.getLong(24), head.getInt(32), features);
  }

  /**
   * Everything that forbids the file as an image; empty if it may be used.
   *
   * @param maxVirtualBytes greatest size of the guest's disk
   */
  List<String> faults(long maxVirtualBytes) {
    List<String> faults = new ArrayList<>();
    if (!qcow2) {
      faults.add("is not a qcow2 file (no magic number)");
      return faults;
    }
    if (version != 2 && version != 3) {
      faults.add("has qcow2 version " + version + ", not 2 or 3");
      return faults;
    }
    if (backingFileOffset != 0) {
      faults.add("has a backing file");
    }
    if ((incompatibleFeatures & EXTERNAL_DATA) != 0) {
      faults.add("keeps its data in an external file");
    }
    if ((incompatibleFeatures & CORRUPT) != 0) {
      faults.add("is marked corrupt");
    }
    if ((incompatibleFeatures & DIRTY) != 0) {
      faults.add("was not closed cleanly (dirty bit)");
    }
    if ((incompatibleFeatures & ~KNOWN) != 0) {
      faults.add(
          "needs unknown qcow2 features 0x" + Long.toHexString(incompatibleFeatures & ~KNOWN));
    }
    if (cryptMethod != 0) {
      faults.add("is encrypted");
    }
    if (virtualSize <= 0 || virtualSize > maxVirtualBytes) {
      faults.add(
          "has a virtual size of "
              + Long.toUnsignedString(virtualSize)
              + " bytes, not 1 to "
              + maxVirtualBytes);
    }
    return faults;
  }
}
