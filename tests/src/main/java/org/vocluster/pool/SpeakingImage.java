package org.vocluster.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * A machine image that writes a text to its serial console and then sleeps: a node of it never
 * joins the pool, and its console says why.
 *
 * @param url as the hosts of the pool see it
 */
public record SpeakingImage(String url, String sha256) {
  private static final int SIZE = 1 << 20;
  private static final int TEXT = 0x20;
  private static final int SIGNATURE = 510;

  /** A boot sector, loaded at 0x7c00, that writes the text at {@link #TEXT} to COM1. */
  private static final String PROGRAM =
      "31c0" // xor ax,ax
          + "8ed8" // mov ds,ax
          + "be207c" // mov si,text
          + "ac" // next: lodsb
          + "84c0" // test al,al
          + "7406" // jz done
          + "baf803" // mov dx,COM1
          + "ee" // out dx,al
          + "ebf5" // jmp next
          + "fa" // done: cli
          + "f4" // hlt
          + "ebfd"; // jmp to hlt

  /**
   * Puts the image where the pool's hosts find it.
   *
   * @param name of its file
   * @param text in ASCII, at most a few lines
   */
  public static SpeakingImage in(Pool pool, String name, String text)
      throws PoolException, InterruptedException {
    byte[] disk = new byte[SIZE];
    byte[] program = HexFormat.of().parseHex(PROGRAM);
    byte[] said = text.getBytes(StandardCharsets.US_ASCII);
    if (TEXT + said.length >= SIGNATURE) {
      throw new IllegalArgumentException("the text is too long for a boot sector");
    }
    System.arraycopy(program, 0, disk, 0, program.length);
    System.arraycopy(said, 0, disk, TEXT, said.length);
    disk[SIGNATURE] = 0x55;
    disk[SIGNATURE + 1] = (byte) 0xaa;
    Path image = pool.share().resolve(name);
    try {
      Path raw = Files.createTempFile("speaking", ".raw");
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
      return new SpeakingImage(VocPool.SHARE_URL + name, HexFormat.of().formatHex(digest));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new PoolException("%s: %s".formatted(image, e), e);
    }
  }
}
