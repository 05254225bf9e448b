package org.vocluster.sizing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizerLogTest {
  @TempDir Path directory;

  @Test
  void linesHaveHtCondorsTimeAndAreSaidOncePerSubject() throws IOException {
    SizerLog log = log(1_000_000);
    log.say("first\nand more");
    log.sayOnce("a", "same");
    log.sayOnce("a", "same");
    log.sayOnce("b", "same");
    log.forget("a");
    log.sayOnce("a", "same");
    assertEquals(
        """
        11/23/26 05:26:03 first
            and more
        11/23/26 05:26:03 same
        11/23/26 05:26:03 same
        11/23/26 05:26:03 same
        """,
        Files.readString(directory.resolve("VocSizeLog")));
  }

  @Test
  void grownFileIsRotatedToOld() throws IOException {
    SizerLog log = log(100);
    for (int i = 0; i < 20; i++) {
      log.say("line " + i);
    }
    assertTrue(Files.size(directory.resolve("VocSizeLog")) < 150);
    assertTrue(Files.size(directory.resolve("VocSizeLog.old")) > 0);
  }

  private SizerLog log(long maxBytes) {
    Instant now = Instant.parse("2026-11-23T05:26:03Z");
    return new SizerLog(
        directory.resolve("VocSizeLog"), maxBytes, Clock.fixed(now, ZoneOffset.UTC));
  }
}
