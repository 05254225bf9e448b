package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.os.Command;

class FatVolumeTest {
  private static final Path FSCK = Path.of("/usr/sbin/fsck.vfat");
  private static final Path MTYPE = Path.of("/usr/bin/mtype");

  @TempDir Path dir;

  private static String content(int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append((char) ('a' + i % 23));
    }
    return out.toString();
  }

  private static String run(String... words) throws Exception {
    Command.Outcome outcome = Command.of(Duration.ofSeconds(20), List.of(words)).run();
    assertEquals(0, outcome.status(), outcome.stdout() + outcome.stderr());
    return outcome.stdout();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, 1024, 9_999, 200_000})
  void realToolsFindNoFaultAndReadTheFiles(int length) throws Exception {
    assumeTrue(Files.isExecutable(FSCK), "needs fsck.vfat: install dosfstools");
    assumeTrue(Files.isExecutable(MTYPE), "needs mtype: install mtools");
    String meta = "instance-id: x\n";
    Path file = dir.resolve("seed.img");
    Files.write(
        file,
        FatVolume.of(
            "cidata",
            List.of(
                new FatVolume.Entry("meta-data", meta),
                new FatVolume.Entry("user-data", content(length)),
                new FatVolume.Entry("thirteen-char", meta))));
    run(FSCK.toString(), "-n", file.toString());
    assertEquals("instance-id: x\n", run(MTYPE.toString(), "-i", file.toString(), "::meta-data"));
    assertEquals(
        "instance-id: x\n", run(MTYPE.toString(), "-i", file.toString(), "::thirteen-char"));
    Path copy = dir.resolve("copy");
    run("/usr/bin/mcopy", "-i", file.toString(), "::user-data", copy.toString());
    assertEquals(content(length), Files.readString(copy));
  }

  @Test
  void labelStandsWhereBlkidLooks() throws Exception {
    byte[] volume = FatVolume.of("cidata", List.of());
    assertEquals("cidata     FAT12   ", new String(volume, 43, 19, StandardCharsets.US_ASCII));
    Path blkid = Path.of("/usr/sbin/blkid");
    assumeTrue(Files.isExecutable(blkid), "needs blkid: install util-linux");
    Path file = Files.write(dir.resolve("seed.img"), volume);
    String seen = run(blkid.toString(), "-p", file.toString());
    assertTrue(seen.contains(" LABEL=\"cidata\""), seen);
    assertTrue(seen.contains(" TYPE=\"vfat\""), seen);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    for (FatVolume.Entry entry :
        List.of(
            new FatVolume.Entry("big", content(4085 * 512)),
            new FatVolume.Entry("fourteen-chars", content(1)),
            new FatVolume.Entry("", content(1)))) {
      assertThrows(IllegalArgumentException.class, () -> FatVolume.of("x", List.of(entry)));
    }
    assertThrows(IllegalArgumentException.class, () -> FatVolume.of("a long label", List.of()));
    FatVolume.of("x", List.of(new FatVolume.Entry("big", content(4084 * 512))));
  }
}
