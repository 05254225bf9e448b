package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.node.NodeJobAd;

/** What the queue keeps of node jobs is there to be kept: submissions write it. */
class NodeJobColumnsTest {
  @Test
  void everyAttributeOfOursThatTheQueueKnowsIsWrittenBySubmissions() {
    List<String> ours = new ArrayList<>();
    for (KnownAttribute known : KnownAttribute.values()) {
      if (known.attribute().startsWith("Voc")) {
        ours.add(known.attribute());
      }
    }
    ours.removeAll(NodeJobAd.attributes());
    assertEquals(List.of(), ours);
  }
}
