package org.vocluster.vm.node;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A small FAT12 file system with a label and a few files in its root, as bytes: what a guest can
 * read without any program of the host's (Microsoft's FAT specification, FATGEN103).
 */
final class FatVolume {
  private static final int SECTOR = 512;
  private static final int ENTRY = 32;
  private static final int COPIES = 2;
  private static final int ROOT_SECTORS = 4;

  /** From 4085 clusters on, readers take it for FAT16. */
  private static final int MOST_CLUSTERS = 4084;

  private static final int LABEL_LENGTH = 11;

  /** So many characters fit into the one entry that a long name gets here. */
  private static final int LONGEST_NAME = 13;

  private static final int VOLUME_LABEL = 0x08;
  private static final int READ_ONLY = 0x01;
  private static final int LONG_NAME = 0x0f;
  private static final int FIRST_OF_JANUARY_1980 = 0x21;

  private FatVolume() {}

  /**
   * A file of the volume, which holds its text in UTF-8.
   *
   * @param name at most 13 ASCII characters
   */
  record Entry(String name, String text) {
    private byte[] content() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Lays the files out.
   *
   * @param label at most 11 ASCII characters, in the case given
   * @throws IllegalArgumentException if they do not fit
   */
  static byte[] of(String label, List<Entry> files) {
    int clusters = 0;
    for (Entry file : files) {
      clusters += sectors(file.content().length);
    }
    if (clusters > MOST_CLUSTERS || 1 + 2 * files.size() > ROOT_SECTORS * SECTOR / ENTRY) {
      throw new IllegalArgumentException(
          files.size() + " files of " + clusters + " clusters do not fit into a FAT12 volume");
    }
    int tableSectors = sectors(((clusters + 2) * 3 + 1) / 2);
    int rootAt = (1 + COPIES * tableSectors) * SECTOR;
    int dataAt = rootAt + ROOT_SECTORS * SECTOR;
    ByteBuffer out = ByteBuffer.allocate(dataAt + clusters * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    bootSector(out, label, tableSectors, out.capacity() / SECTOR);
    out.position(rootAt);
    out.put(padded(label, LABEL_LENGTH)).put((byte) VOLUME_LABEL).put(new byte[12]);
    out.putShort((short) FIRST_OF_JANUARY_1980).put(new byte[6]);
    byte[] table = new byte[tableSectors * SECTOR];
    chain(table, 0, 0xff8);
    chain(table, 1, 0xfff);
    int next = 2;
    for (int i = 0; i < files.size(); i++) {
      Entry file = files.get(i);
      int length = sectors(file.content().length);
      directoryEntries(out, file, i, length == 0 ? 0 : next);
      out.put(dataAt + (next - 2) * SECTOR, file.content());
      for (int cluster = next; cluster < next + length; cluster++) {
        chain(table, cluster, cluster == next + length - 1 ? 0xfff : cluster + 1);
      }
      next += length;
    }
    for (int copy = 0; copy < COPIES; copy++) {
      out.put((1 + copy * tableSectors) * SECTOR, table);
    }
    return out.array();
  }

  private static int sectors(int bytes) {
    return (bytes + SECTOR - 1) / SECTOR;
  }

  private static void bootSector(ByteBuffer out, String label, int tableSectors, int sectors) {
    out.put(new byte[] {(byte) 0xeb, 0x3c, (byte) 0x90}).put(padded("voc", 8));
    out.putShort((short) SECTOR).put((byte) 1).putShort((short) 1).put((byte) COPIES);
    out.putShort((short) (ROOT_SECTORS * SECTOR / ENTRY));
    out.putShort((short) sectors).put((byte) 0xf8).putShort((short) tableSectors);
    out.putShort((short) 32).putShort((short) 2).putInt(0).putInt(0);
    out.put((byte) 0x80).put((byte) 0).put((byte) 0x29).putInt(0x766f6330);
    out.put(padded(label, LABEL_LENGTH)).put(padded("FAT12", 8));
    out.put(SECTOR - 2, (byte) 0x55).put(SECTOR - 1, (byte) 0xaa);
  }

  /** The long name in an entry of its own, then the short one that nobody reads. */
  private static void directoryEntries(ByteBuffer out, Entry file, int number, int cluster) {
    byte[] shortName = padded("FILE" + number, LABEL_LENGTH);
    int checksum = 0;
    for (byte b : shortName) {
      checksum = ((checksum & 1) << 7) + (checksum >> 1) + (b & 0xff) & 0xff;
    }
    String name = file.name();
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("a FAT file's name " + name + " is too long here");
    }
    out.put((byte) 0x41);
    for (int i = 0; i < LONGEST_NAME; i++) {
      if (i == 5) {
        out.put((byte) LONG_NAME).put((byte) 0).put((byte) checksum);
      } else if (i == 11) {
        out.putShort((short) 0);
      }
      out.putShort((short) (i < name.length() ? name.charAt(i) : i == name.length() ? 0 : 0xffff));
    }
    out.put(shortName).put((byte) READ_ONLY).put(new byte[4]);
    out.putShort((short) FIRST_OF_JANUARY_1980).putShort((short) FIRST_OF_JANUARY_1980);
    out.putInt(0).putShort((short) FIRST_OF_JANUARY_1980);
    out.putShort((short) cluster).putInt(file.content().length);
  }

  /** Entries have 12 bits: two of them share three bytes. */
  private static void chain(byte[] table, int cluster, int next) {
    int at = cluster * 3 / 2;
    if (cluster % 2 == 0) {
      table[at] = (byte) next;
      table[at + 1] |= (byte) (next >> 8);
    } else {
      table[at] |= (byte) (next << 4);
      table[at + 1] = (byte) (next >> 4);
    }
  }

  private static byte[] padded(String text, int length) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    if (ascii.length > length) {
      throw new IllegalArgumentException(text + " has more than " + length + " characters");
    }
    byte[] out = new byte[length];
    Arrays.fill(out, (byte) ' ');
    System.arraycopy(ascii, 0, out, 0, ascii.length);
    return out;
  }
}
