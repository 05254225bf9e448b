package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.vocluster.pool.Command;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;

/**
 * A machine image of one boot sector, so that a node of it takes a slot and memory, but next to no
 * processor time, and never joins the pool.
 *
 * @param url as the hosts of the pool see it
 */
public record SleepingImage(String url, String sha256) {
  private static final int SIZE = 1 << 20;
  private static final int MESSAGE = 0x30;

  private static final int SIGNATURE = 510;

  /** cli; hlt; jmp back. */
  private static final String SLEEP = "fa f4 eb fd";

  /** Writes the text at {@link #MESSAGE} to the serial line. */
  private static final String SPEAK = "31 c0 8e d8 fc be 30 7c ac 84 c0 74 06 ba f8 03 ee eb f5 ";

  /**
   * Waits for a second (BIOS, int 15h), and has the keyboard controller reset the machine; a node's
   * QEMU takes that for its end.
   */
  private static final String DIE = "b4 86 b9 0f 00 31 d2 cd 15 b0 fe e6 64 f4 eb fd";

  private static final String LAST_WORDS = "Kernel panic - not syncing: a guest's fault\r\n";

  /** An image that boots to a halted processor and stays so. */
  public static SleepingImage in(Pool pool) throws PoolException, InterruptedException {
    return made(pool, "sleeping.qcow2", SLEEP, "");
  }

  /** An image whose guest says that it panics, and resets its machine a second later. */
  public static SleepingImage dyingIn(Pool pool) throws PoolException, InterruptedException {
    return made(pool, "dying.qcow2", SPEAK + DIE, LAST_WORDS);
  }

  /**
   * An image that writes a text to its serial console before it sleeps.
   *
   * @param name of its file
   * @param text in ASCII, at most a few lines
   */
  public static SleepingImage speakingIn(Pool pool, String name, String text)
      throws PoolException, InterruptedException {
    return made(pool, name, SPEAK + SLEEP, text);
  }

  private static SleepingImage made(Pool pool, String name, String program, String message)
      throws PoolException, InterruptedException {
    byte[] disk = new byte[SIZE];
    byte[] code = HexFormat.ofDelimiter(" ").parseHex(program);
    System.arraycopy(code, 0, disk, 0, code.length);
    byte[] text = message.getBytes(StandardCharsets.US_ASCII);
    if (MESSAGE + text.length >= SIGNATURE) {
      throw new IllegalArgumentException("the text is too long for a boot sector");
    }
    System.arraycopy(text, 0, disk, MESSAGE, text.length);
    disk[SIGNATURE] = 0x55;
    disk[SIGNATURE + 1] = (byte) 0xaa;
    Path image = pool.share().resolve(name);
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
      return new SleepingImage(VocPool.SHARE_URL + name, HexFormat.of().formatHex(digest));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new PoolException("%s: %s".formatted(image, e), e);
    }
  }
}
