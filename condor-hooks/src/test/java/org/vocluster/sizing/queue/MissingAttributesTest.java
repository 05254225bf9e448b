package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.NewForm;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;

/** Attributes that turn out to matter when the log was read already. */
class MissingAttributesTest extends AJobQueueLog {
  @Test
  void attributeThatASlotLooksAtTellsJobsApart() throws ClassAdSyntaxException {
    write(
        HEADER
            + cluster(7, "cms", 1)
            + idleJob(7, 0)
            + "103 7.0 Wanted \"x\"\n103 7.0 Other 1\n"
            + idleJob(7, 1)
            + "103 7.1 Other 2\n");
    assertAdvanced();
    assertEquals(2, onlyGroup().idle());
    mirror.tellApartBy(
        new Significance(
            List.of(NewForm.parse("[ Requirements = Start; Start = TARGET.wanted == \"x\" ]"))));
    assertAdvanced();
    assertEquals(
        List.of("\"x\"", "none"),
        mirror.idlePayload().stream()
            .map(group -> group.attributes().getOrDefault("wanted", "none"))
            .sorted()
            .toList());
    assertInstanceOf(LogReading.Unchanged.class, mirror.poll());
  }

  @Test
  void attributesThatRequirementsLeadToTellJobsApartAndNoOthers() {
    write(HEADER);
    assertAdvanced();
    append(
        "105 \n"
            + cluster(7, "cms", 1)
            + "103 07.-1 Requirements TARGET.Site == MY.Wish && Age > 1\n"
            + "103 07.-1 Wish strcat(Prefix, \"x\")\n103 07.-1 Prefix \"a\"\n103 07.-1 Age 2\n"
            + "103 07.-1 Site \"own\"\n"
            + idleJob(7, 0)
            + idleJob(7, 1)
            + "103 7.1 Prefix \"b\"\n"
            + idleJob(7, 2)
            + "103 7.2 Site \"not looked at\"\n106 \n");
    assertAdvanced();
    assertEquals(2, mirror.idlePayload().size());
    JobGroup first =
        mirror.idlePayload().stream().filter(group -> group.idle() == 2).findFirst().orElseThrow();
    assertEquals("\"a\"", first.attributes().get("prefix"));
    assertEquals("2", first.attributes().get("age"));
    assertTrue(!first.attributes().containsKey("Site"), first.toString());
    assertTrue(!first.attributes().containsKey("site"), first.toString());
  }

  @Test
  void attributeThatMattersToNewAndOldJobsIsFoundForBoth() {
    write(
        HEADER
            + cluster(7, "cms", 1)
            + idleJob(7, 0)
            + "103 7.0 Wish \"old\"\n"
            + cluster(8, "cms", 1)
            + idleJob(8, 0));
    assertAdvanced();
    append(
        "103 07.-1 Requirements Wish == TARGET.Site\n"
            + cluster(9, "cms", 1)
            + "103 09.-1 Requirements Wish == TARGET.Site\n"
            + idleJob(9, 0)
            + "103 9.0 Wish \"new\"\n");
    assertAdvanced();
    assertEquals(
        List.of("\"new\"", "\"old\"", "none"),
        mirror.idlePayload().stream()
            .map(group -> group.attributes().getOrDefault("wish", "none"))
            .sorted()
            .toList());
  }

  @Test
  void attributeOfAnUncommittedTransactionIsNotMissed() {
    write(HEADER + cluster(7, "cms", 1) + idleJob(7, 0));
    assertAdvanced();
    append("105 \n103 7.0 Wish \"x\"\n");
    mirror.poll();
    append("103 7.0 Requirements Wish == TARGET.Site\n");
    mirror.poll();
    assertEquals(null, onlyGroup().attributes().get("wish"));
    append("106 \n");
    assertAdvanced();
    assertEquals("\"x\"", onlyGroup().attributes().get("wish"));
  }

  @Test
  void jobThatComputesNamesKeepsAllItsAttributes() {
    write(
        HEADER
            + cluster(7, "cms", 1)
            + "103 07.-1 Requirements eval(strcat(\"Se\", \"cret\")) == 1\n103 07.-1 Secret 1\n"
            + idleJob(7, 0)
            + idleJob(7, 1)
            + cluster(8, "cms", 1)
            + "103 08.-1 Secret 2\n"
            + idleJob(8, 0)
            + idleJob(8, 1)
            + "103 8.1 Secret 3\n");
    assertAdvanced();
    assertEquals(3, mirror.idlePayload().size(), () -> mirror.idlePayload().toString());
    assertEquals(
        2,
        mirror.idlePayload().stream()
            .filter(group -> "1".equals(group.attributes().get("Secret")))
            .count());
    append("103 7.1 Secret 5\n103 8.1 Secret 6\n");
    assertAdvanced();
    assertTrue(
        mirror.idlePayload().stream()
            .anyMatch(group -> "5".equals(group.attributes().get("Secret"))));
  }

  @Test
  void moreSubmissionsThatComputeNamesThanAreKeptAreSaidToBeUnclear() {
    StringBuilder text = new StringBuilder(HEADER);
    for (int cluster = 1; cluster <= 210; cluster++) {
      text.append(cluster(cluster, "cms", 1))
          .append("103 0%d.-1 Requirements eval(\"x\")\n".formatted(cluster))
          .append(idleJob(cluster, 0));
    }
    write(text.toString());
    assertAdvanced();
    assertEquals(210, mirror.idlePayload().stream().mapToInt(JobGroup::idle).sum());
    assertEquals(
        10,
        mirror.idlePayload().stream()
            .filter(group -> !group.unclear().isEmpty())
            .mapToInt(JobGroup::idle)
            .sum());
  }

  @Test
  void attributesThatNoJobLooksAtAnyLongerAreForgottenWhenTheLogIsCompacted() {
    String odd = "103 07.-1 Requirements Odd == 1\n103 07.-1 Odd 1\n";
    write(HEADER + cluster(7, "cms", 1) + odd + idleJob(7, 0));
    assertAdvanced();
    assertTrue(onlyGroup().attributes().containsKey("odd"));
    replace("107 2 CreationTimestamp 1\n" + cluster(8, "cms", 1) + idleJob(8, 0));
    assertAdvanced();
    replace("107 3 CreationTimestamp 1\n" + cluster(7, "cms", 1) + odd + idleJob(7, 0));
    assertAdvanced();
    assertEquals("1", onlyGroup().attributes().get("odd"));
  }
}
