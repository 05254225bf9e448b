package org.vocluster.vm.image;

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
 * @param clusterBits binary logarithm of the cluster size
 * @param virtualSize size in bytes of the disk that the guest sees
 * @param l1 the table that says where the guest's data is
 * @param refcounts the table that says which clusters are used
 * @param snapshots number of snapshots in the file
 * @param length of the header itself, in bytes
 * @param compression 0 for zlib, 1 for zstd
 * @param extensionFault what is wrong with the header's extensions, or empty
 */
record Qcow2Header(
    boolean qcow2,
    int version,
    boolean backingFile,
    int clusterBits,
    long virtualSize,
    int cryptMethod,
    Table l1,
    Table refcounts,
    long snapshots,
    long incompatibleFeatures,
    int refcountOrder,
    long length,
    int compression,
    String extensionFault) {
  /** As much as is read of a file's beginning. The specification keeps all extensions in here. */
  static final int SIZE = 1 << 16;

  static final int MAGIC = 0x514649fb;
  static final int BACKING_FORMAT = 0xe2792aca;

  private static final int V2_SIZE = 72;
  private static final int V3_SIZE = 104;
  private static final long DIRTY = 1;
  private static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL_DATA = 1 << 2;
  private static final long COMPRESSION_TYPE = 1 << 3;
  private static final long EXTENDED_L2 = 1 << 4;
  private static final long KNOWN =
      DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;
  private static final int DATA_FILE_NAME = 0x44415441;

  /** QEMU's own bounds: a larger table it refuses to open. */
  private static final long MOST_L1_BYTES = 32L << 20;

  private static final long MOST_REFCOUNT_BYTES = 8L << 20;

  /**
   * A table in the file.
   *
   * @param offset in bytes from the file's beginning; unsigned
   * @param bytes its length; unsigned
   */
  record Table(long offset, long bytes) {
    static final Table NONE = new Table(0, 0);

    /** What is wrong with it, or an empty text. */
    String fault(String name, int clusterBits, long most) {
      if (Long.compareUnsigned(bytes, most) > 0) {
        return "has "
            + name
            + " of "
            + Long.toUnsignedString(bytes)
            + " bytes, more than the "
            + most
            + " that QEMU takes";
      }
      return offset < 0 || (offset & ((1L << clusterBits) - 1)) != 0
          ? "has " + name + " at " + Long.toUnsignedString(offset) + ", which is no cluster's start"
          : "";
    }

    boolean isWithin(long fileBytes) {
      return bytes <= fileBytes && offset <= fileBytes - bytes;
    }
  }

  /** Reads the header at the start of the file. */
  static Qcow2Header read(FileChannel file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(SIZE, file.size()));
    while (head.hasRemaining() && file.read(head, head.position()) >= 0) {
      // A short read goes on where it stopped.
    }
    return parse(head.flip());
  }

  /** Takes the header from its first bytes, big-endian as in the file. */
  static Qcow2Header parse(ByteBuffer head) {
    if (head.limit() < V2_SIZE || head.getInt(0) != MAGIC) {
      return new Qcow2Header(false, 0, false, 0, 0, 0, Table.NONE, Table.NONE, 0, 0, 0, 0, 0, "");
    }
    int version = head.getInt(4);
    boolean v3 = version >= 3 && head.limit() >= V3_SIZE;
    int clusterBits = head.getInt(20);
    long length = v3 ? Integer.toUnsignedLong(head.getInt(100)) : V2_SIZE;
    long refcountClusters = Integer.toUnsignedLong(head.getInt(56));
    return new Qcow2Header(
        true,
        version,
        head.getLong(8) != 0 || head.getInt(16) != 0,
        clusterBits,
        head.getLong(24),
        head.getInt(32),
        new Table(head.getLong(40), 8 * Integer.toUnsignedLong(head.getInt(36))),
        new Table(head.getLong(48), refcountClusters << (clusterBits & 31)),
        Integer.toUnsignedLong(head.getInt(60)),
        v3 ? head.getLong(72) : 0,
        v3 ? head.getInt(96) : 4,
        length,
        v3 && length > V3_SIZE && head.limit() > V3_SIZE ? head.get(V3_SIZE) & 0xff : 0,
        extensionFault(head, length, clusterBits));
  }

  /** Walks the extensions, each a type, a length and data padded to eight bytes. */
  private static String extensionFault(ByteBuffer head, long length, int clusterBits) {
    long end = Math.min(head.limit(), 1L << Math.clamp(clusterBits, 9, 21));
    long at = length;
    while (at + 8 <= end) {
      int type = head.getInt((int) at);
      long bytes = Integer.toUnsignedLong(head.getInt((int) at + 4));
      if (type == 0) {
        return "";
      }
      if (type == DATA_FILE_NAME) {
        return "names an external data file";
      }
      if (type == BACKING_FORMAT) {
        return "names a backing file's format";
      }
      if (bytes > end - at - 8) {
        return "has a header extension of " + bytes + " bytes, which leads out of the header";
      }
      at += 8 + (bytes + 7) / 8 * 8;
    }
    return "";
  }

  /**
   * Everything in the header that forbids the file as an image; empty if it may be used.
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
    if (clusterBits < 9 || clusterBits > 21) {
      faults.add("has clusters of 2^" + clusterBits + " bytes, not 2^9 to 2^21");
      return faults;
    }
    addFeatureFaults(faults);
    addContentFaults(faults);
    addSizeFaults(faults, maxVirtualBytes);
    return faults;
  }

  /** What the image needs beside the bytes of its own, or of whoever reads it. */
  private void addFeatureFaults(List<String> faults) {
    if (backingFile) {
      faults.add("has a backing file");
    }
    if ((incompatibleFeatures & EXTERNAL_DATA) != 0) {
      faults.add("keeps its data in an external file");
    } else if (!extensionFault.isEmpty() && !(backingFile && extensionFault.contains("format"))) {
      faults.add(extensionFault);
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
  }

  private void addContentFaults(List<String> faults) {
    if (cryptMethod != 0) {
      faults.add("is encrypted");
    }
    if (snapshots != 0) {
      faults.add("has " + snapshots + " internal snapshots, which qemu-img convert leaves behind");
    }
    if (length < (version == 2 ? V2_SIZE : V3_SIZE) || length > 1L << clusterBits) {
      faults.add("has a header of " + length + " bytes");
    }
    if (refcountOrder < 0 || refcountOrder > 6) {
      faults.add("has reference counts of 2^" + refcountOrder + " bits, not 2^0 to 2^6");
    }
    if (compression > 1) {
      faults.add("has unknown compression " + compression);
    }
  }

  private void addSizeFaults(List<String> faults, long maxVirtualBytes) {
    if (virtualSize <= 0 || virtualSize > maxVirtualBytes) {
      faults.add(
          "has a virtual size of "
              + Long.toUnsignedString(virtualSize)
              + " bytes, not 1 to "
              + maxVirtualBytes);
    } else if (l1.bytes() / 8 < l1Entries()) {
      faults.add(
          "has an L1 table of "
              + l1.bytes() / 8
              + " entries, too few for its virtual size of "
              + virtualSize
              + " bytes");
    }
    add(faults, l1.fault("an L1 table", clusterBits, MOST_L1_BYTES));
    add(faults, refcounts.fault("a refcount table", clusterBits, MOST_REFCOUNT_BYTES));
  }

  /**
   * The same of a whole file.
   *
   * @param fileBytes the file's length
   */
  List<String> faults(long maxVirtualBytes, long fileBytes) {
    List<String> faults = faults(maxVirtualBytes);
    if (faults.isEmpty()) {
      if (!l1.isWithin(fileBytes)) {
        faults.add("has an L1 table beyond its end at " + fileBytes + " bytes");
      }
      if (!refcounts.isWithin(fileBytes)) {
        faults.add("has a refcount table beyond its end at " + fileBytes + " bytes");
      }
    }
    return faults;
  }

  /** An L2 table is a cluster; its entries are twice as long with extended_l2. */
  private long l1Entries() {
    int entryBits = (incompatibleFeatures & EXTENDED_L2) != 0 ? 4 : 3;
    int coveredBits = 2 * clusterBits - entryBits;
    return (virtualSize >>> coveredBits) + ((virtualSize & ((1L << coveredBits) - 1)) == 0 ? 0 : 1);
  }

  private static void add(List<String> faults, String fault) {
    if (!fault.isEmpty()) {
      faults.add(fault);
    }
  }
}
