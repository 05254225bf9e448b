package org.vocluster.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * A machine image that boots to a halted processor and stays so: a node of it takes a slot and
 * memory, but no processor time, and never joins the pool.
 *
 * @param url as the hosts of the pool see it
 */
public record SleepingImage(String url, String sha256) {
  private static final int SIZE = 1 << 20;
  private static final String NAME = "sleeping.qcow2";

  /** Puts the image where the pool's hosts find it. */
  public static SleepingImage in(Pool pool) throws PoolException, InterruptedException {
    byte[] disk = new byte[SIZE];
    // A boot sector: cli; hlt; jmp back.
    disk[0] = (byte) 0xfa;
    disk[1] = (byte) 0xf4;
    disk[2] = (byte) 0xeb;
    disk[3] = (byte) 0xfd;
    disk[510] = 0x55;
    disk[511] = (byte) 0xaa;
    Path image = pool.share().resolve(NAME);
    try {
      Path raw = Files.createTempFile("sleeping", ".raw");
      try {
        Files.write(raw, disk);
        Command.run(
                Duration.ofMinutes(1),
                List.of(
                    "qemu-img",
                    "convert",
                    "-f",
                    "raw",
                    "-O",
                    "qcow2",
                    raw.toString(),
                    image.toString()))
            .orThrow();
      } finally {
        Files.delete(raw);
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(image));
      return new SleepingImage(VocPool.SHARE_URL + NAME, HexFormat.of().formatHex(digest));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new PoolException("%s: %s".formatted(image, e), e);
    }
  }
}
