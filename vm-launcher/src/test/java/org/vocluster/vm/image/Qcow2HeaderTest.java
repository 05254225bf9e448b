package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.RealTools;

class Qcow2HeaderTest {
  private static final long LIMIT = 1L << 30;

  @TempDir Path dir;

  private List<String> faults(String... createArguments) throws Exception {
    Path file = dir.resolve("x.qcow2");
    String[] argv = new String[createArguments.length + 4];
    argv[0] = "create";
    argv[1] = "-q";
    argv[2] = "-f";
    argv[3] = "qcow2";
    System.arraycopy(createArguments, 0, argv, 4, createArguments.length);
    for (int i = 0; i < argv.length; i++) {
      argv[i] = argv[i].replace("FILE", file.toString()).replace("DIR", dir.toString());
    }
    RealTools.qemuImg(argv);
    return read(file).faults(LIMIT);
  }

  private static Qcow2Header read(Path file) throws Exception {
    try (FileChannel in = FileChannel.open(file)) {
      return Qcow2Header.read(in);
    }
  }

  @Test
  void plainImagesOfBothVersionsAreFine() throws Exception {
    assertEquals(List.of(), faults("FILE", "64M"));
    assertEquals(64L << 20, read(dir.resolve("x.qcow2")).virtualSize());
    assertEquals(List.of(), faults("-o", "compat=0.10", "FILE", "64M"));
    assertEquals(List.of(), faults("-o", "extended_l2=on", "FILE", "64M"));
    assertEquals(List.of(), faults("-o", "compression_type=zstd", "FILE", "64M"));
  }

  @Test
  void backingFileIsRefused() throws Exception {
    assertEquals(
        List.of("has a backing file"),
        faults("-u", "-F", "raw", "-b", "/etc/shadow", "FILE", "64M"));
  }

  @Test
  void externalDataFileIsRefused() throws Exception {
    assertEquals(
        List.of("keeps its data in an external file"),
        faults("-o", "data_file=DIR/data.raw", "FILE", "1M"));
  }

  @Test
  void encryptedImageIsRefused() throws Exception {
    assertEquals(
        List.of("is encrypted"),
        faults(
            "--object",
            "secret,id=s,data=x",
            "-o",
            "encrypt.format=aes,encrypt.key-secret=s",
            "FILE",
            "1M"));
  }

  @Test
  void tooLargeDiskIsRefused() throws Exception {
    assertEquals(1, faults("FILE", "2G").size());
  }

  @Test
  void whatIsNoQcow2IsRefused() throws Exception {
    Path file = dir.resolve("raw");
    Files.write(file, new byte[4096]);
    assertEquals(List.of("is not a qcow2 file (no magic number)"), read(file).faults(LIMIT));
    Files.write(file, new byte[] {'Q', 'F', 'I', (byte) 0xfb});
    assertEquals(List.of("is not a qcow2 file (no magic number)"), read(file).faults(LIMIT));
  }

  /** A header as qemu-img would write it, of 1 MiB in clusters of 64 KiB. */
  private static ByteBuffer sound() {
    return ByteBuffer.allocate(1 << 16)
        .putInt(0, 0x514649fb)
        .putInt(4, 3)
        .putInt(20, 16)
        .putLong(24, 1 << 20)
        .putInt(36, 1)
        .putLong(40, 3 << 16)
        .putLong(48, 1 << 16)
        .putInt(56, 1)
        .putInt(96, 4)
        .putInt(100, 104);
  }

  private static void assertFault(String fault, ByteBuffer head) {
    assertEquals(List.of(fault), Qcow2Header.parse(head).faults(LIMIT, 4 << 16));
  }

  @Test
  void soundHeaderIsFine() {
    assertEquals(List.of(), Qcow2Header.parse(sound()).faults(LIMIT, 4 << 16));
  }

  @Test
  void unknownFeatureAndVersionAreRefused() {
    assertFault("needs unknown qcow2 features 0x10000000000", sound().putLong(72, 1L << 40));
    assertFault("has qcow2 version 4, not 2 or 3", sound().putInt(4, 4));
    assertFault(
        "has unknown compression 9", sound().putLong(72, 8).putInt(100, 112).put(104, (byte) 9));
    assertFault("is marked corrupt", sound().putLong(72, 2));
    assertFault("was not closed cleanly (dirty bit)", sound().putLong(72, 1));
  }

  @Test
  void hugeTablesAreRefused() {
    assertFault(
        "has an L1 table of 34359738360 bytes, more than the 33554432 that QEMU takes",
        sound().putInt(36, -1));
    assertFault(
        "has a refcount table of 281474976645120 bytes, more than the 8388608 that QEMU takes",
        sound().putInt(56, -1));
    assertFault(
        "has 4294967295 internal snapshots, which qemu-img convert leaves behind",
        sound().putInt(60, -1));
  }

  @Test
  void tablesBeyondTheFileAreRefused() {
    assertFault("has an L1 table beyond its end at 262144 bytes", sound().putLong(40, 1L << 40));
    assertFault(
        "has a refcount table beyond its end at 262144 bytes", sound().putLong(48, 4 << 16));
    assertFault(
        "has an L1 table at 18446744073709486080, which is no cluster's start",
        sound().putLong(40, -65536));
    assertFault("has an L1 table at 8, which is no cluster's start", sound().putLong(40, 8));
  }

  @Test
  void impossibleSizesAreRefused() {
    assertFault("has clusters of 2^40 bytes, not 2^9 to 2^21", sound().putInt(20, 40));
    assertFault(
        "has a virtual size of 18446744073709551615 bytes, not 1 to 1073741824",
        sound().putLong(24, -1));
    assertFault(
        "has an L1 table of 1 entries, too few for its virtual size of 536870913 bytes",
        sound().putLong(24, (512 << 20) + 1));
    assertFault("has a header of 4294967295 bytes", sound().putInt(100, -1));
    assertFault("has reference counts of 2^-1 bits, not 2^0 to 2^6", sound().putInt(96, -1));
  }

  @Test
  void extensionsCannotSmuggleInAFile() {
    assertFault("names an external data file", sound().putInt(104, 0x44415441).putInt(108, 11));
    assertFault("names a backing file's format", sound().putInt(104, 0xe2792aca).putInt(108, 3));
    assertFault(
        "has a header extension of 4294967295 bytes, which leads out of the header",
        sound().putInt(104, 1).putInt(108, -1));
    assertFault("has a backing file", sound().putInt(16, 11));
  }

  @Test
  void internalSnapshotIsRefused() throws Exception {
    Path file = dir.resolve("s.qcow2");
    RealTools.qemuImg("create", "-q", "-f", "qcow2", file.toString(), "1M");
    RealTools.qemuImg("snapshot", "-c", "before", file.toString());
    assertEquals(
        List.of("has 1 internal snapshots, which qemu-img convert leaves behind"),
        read(file).faults(LIMIT));
  }

  @Test
  void everyTruncationIsRefusedOrStillSound() throws Exception {
    Path file = dir.resolve("t.qcow2");
    RealTools.qemuImg("create", "-q", "-f", "qcow2", file.toString(), "64M");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < Qcow2Header.SIZE; length += 97) {
      ByteBuffer head = ByteBuffer.wrap(whole, 0, length).slice();
      assertFalse(Qcow2Header.parse(head).faults(LIMIT, length).isEmpty(), "cut at " + length);
    }
  }
}
