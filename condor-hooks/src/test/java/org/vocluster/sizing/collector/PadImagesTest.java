package org.vocluster.sizing.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.ClassAdSyntaxException;

class PadImagesTest {
  private static final String IMAGE =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @Test
  void hostsOwnErrorsAreQuotedWhenNoneHoldsTheImage() throws ClassAdSyntaxException {
    Map<String, PadImages.Held> hosts =
        PadImages.read(
            """
            Machine = "pad1"
            VocImages = "aaaa"
            VocHeartbeat = 1800000000
            VocImageErrors = "image https://x/ is larger than the limit"

            Machine = "pad2"
            VocHeartbeat = 1800000000

            """);
    assertEquals(
        "none of 2 PAD hosts holds image 9f86d081884c… (pad1: image https://x/ is larger than the"
            + " limit)",
        PadImages.why(IMAGE, hosts));
  }

  @Test
  void hostThatDoesNotAdvertiseIsNotTakenForOneThatFetches() throws ClassAdSyntaxException {
    assertEquals(
        "none of 1 PAD hosts holds image 9f86d081884c… (pad1: VOC's advertising does not run there:"
            + " STARTD_CRON_JOBLIST lacks VOC_PAD)",
        PadImages.why(IMAGE, PadImages.read("Machine = \"pad1\"\nVocDomain = \"PAD\"\n")));
  }

  @Test
  void nothingIsSaidWhenAHostHoldsTheImage() throws ClassAdSyntaxException {
    Map<String, PadImages.Held> hosts =
        PadImages.read("Machine = \"pad1\"\nVocImages = \"aaaa," + IMAGE + "\"\n");
    assertEquals("", PadImages.why(IMAGE, hosts));
  }

  @Test
  void poolWithoutPadHostsIsSaidSo() {
    assertTrue(PadImages.why(IMAGE, Map.of()).startsWith("no PAD host is in the pool"));
  }
}
