package org.vocluster.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
  private static final String LOG =
      """
      { "Action": "submit", "Actor": "voc-size@ap", "Nodes": "cms-a,cms-b", "Reason": "2 idle \\"big\\" jobs", "Time": "2026-11-23T08:00:01.123Z", "Voc": "cms" }
      { "Action": "end", "Actor": "voc-size@ap", "Nodes": "cms-a", "Reason": "ended by itself", "Time": "2026-11-23T09:00:00Z", "Voc": "cms" }
      { "Action": "breaker-open", "Actor": "voc-size@ap", "Nodes": "", "Reason": "image beef", "Time": "2026-11-23T09:30:00Z", "Voc": "night" }
      { "Action": "sub
      """;

  private final AuditTrail trail = new AuditTrail(Instant.EPOCH, ZoneOffset.UTC);

  @Test
  void linesAreSaidInWordsAndDamagedOnesCounted() {
    assertEquals(
        List.of(
            "11/23 08:00:01  cms  submit  cms-a, cms-b: 2 idle \"big\" jobs",
            "11/23 09:00:00  cms  end  cms-a: ended by itself",
            "11/23 09:30:00  night  breaker-open: image beef",
            "1 line is damaged and left out"),
        said("", "", Instant.MIN));
  }

  @Test
  void linesAreChosenByVocNodeAndTime() {
    assertEquals(3, said("cms", "", Instant.MIN).size());
    assertEquals(2, said("", "cms-b", Instant.MIN).size());
    assertEquals(3, said("", "", Instant.parse("2026-11-23T09:00:00Z")).size());
  }

  private List<String> said(String voc, String node, Instant since) {
    return trail.inWords(Stream.of(LOG.split("\n", -1)), new AuditTrail.Filter(voc, node, since));
  }
}
