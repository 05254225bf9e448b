package org.vocluster.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10",
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

  @Test
  void unknownFeatureAndVersionAreRefused() {
    ByteBuffer head = ByteBuffer.allocate(Qcow2Header.SIZE);
    head.putInt(0, 0x514649fb).putInt(4, 3).putLong(24, 1024).putLong(72, 1L << 40);
    assertEquals(
        List.of("needs unknown qcow2 features 0x10000000000"),
        Qcow2Header.parse(head).faults(LIMIT));
    head.putLong(72, 0).putInt(4, 4);
    assertEquals(List.of("has qcow2 version 4, not 2 or 3"), Qcow2Header.parse(head).faults(LIMIT));
  }
}
