package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.AnImage;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;

/** Anybody who may submit may write any name into a job. */
class NodeJobReaderTest {
  private static final String[] FORGED = {
    "\"\"",
    "\"a b\"",
    "\"a\\\"b\"",
    "\"\\\" || true || \\\"\"",
    "\"../a\"",
    "\"CMS\"",
    "\"cms\\n\"",
    "\"" + "a".repeat(65) + "\"",
    "7",
    "undefined",
    "strcat(\"c\", \"ms\")",
  };

  private final Map<KnownAttribute, String> job = new EnumMap<>(KnownAttribute.class);

  NodeJobReaderTest() {
    job.put(KnownAttribute.OWNER, "\"voc-cms\"");
    job.put(KnownAttribute.VO, "\"cms\"");
    job.put(KnownAttribute.VOC, "\"cms-el9\"");
    job.put(KnownAttribute.SHAPE, "\"small\"");
    job.put(KnownAttribute.NODE, "\"cms-el9-1\"");
    job.put(KnownAttribute.IMAGE, "\"" + AnImage.of("i") + "\"");
  }

  @Test
  void jobAsSizingWritesIt() {
    NodeJob read = read().orElseThrow();
    assertEquals(AKind.of("cms-el9/small"), read.kind());
    assertEquals(new VoName("cms"), read.vo());
    assertEquals(new NodeId("cms-el9-1"), read.node());
    assertEquals(Optional.of(AnImage.of("i")), read.image());
  }

  @ParameterizedTest
  @EnumSource(
      value = KnownAttribute.class,
      names = {"VO", "VOC", "NODE"})
  void jobWithAForgedNameIsNoNodeJob(KnownAttribute name) {
    for (String forged : FORGED) {
      job.put(name, forged);
      assertEquals(Optional.empty(), read(), name + " = " + forged);
    }
    job.remove(name);
    assertEquals(Optional.empty(), read(), "without " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a b\"", "\"a\\\"b\"", "\"CMS\""})
  void jobWithAForgedShapeOrImageIsNoNodeJob(String forged) {
    String image = job.put(KnownAttribute.IMAGE, forged);
    assertEquals(Optional.empty(), read());
    job.put(KnownAttribute.IMAGE, image);
    job.put(KnownAttribute.SHAPE, forged);
    assertEquals(Optional.empty(), read());
  }

  @Test
  void jobOfAnOlderBuildHasTheDefaultShape() {
    job.remove(KnownAttribute.SHAPE);
    job.remove(KnownAttribute.IMAGE);
    assertEquals(AKind.of("cms-el9/default"), read().orElseThrow().kind());
    assertEquals(Optional.empty(), read().orElseThrow().image());
  }

  private Optional<NodeJob> read() {
    return NodeJobReader.read(new JobId(1, 0), "", JobStatus.IDLE, 0, 0, job::get);
  }
}
