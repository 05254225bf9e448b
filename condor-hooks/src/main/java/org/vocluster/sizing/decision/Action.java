package org.vocluster.sizing.decision;

import java.util.List;
import java.util.Set;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.VocName;

/** Something to do about nodes. */
public sealed interface Action {
  /** Why, for the audit log. */
  String why();

  /** Submit that many node jobs of a VOC's shape. */
  record Submit(VocShape kind, int nodes, String why) implements Action {
    public VocName voc() {
      return kind.voc();
    }
  }

  /**
   * Remove these node jobs. Those that run have not joined the pool; whoever carries this out makes
   * sure of it.
   */
  record Remove(List<NodeJob> nodes, String why) implements Action {
    public Remove {
      nodes = List.copyOf(nodes);
    }
  }

  /** Tell these unclaimed nodes to take no more jobs, and remove those that confirm it. */
  record Drain(List<NodeJob> nodes, String why) implements Action {
    public Drain {
      nodes = List.copyOf(nodes);
    }
  }

  /** Let these queued node jobs run on any host but these. */
  record Avoid(List<NodeJob> nodes, Set<String> hosts, String why) implements Action {
    public Avoid {
      nodes = List.copyOf(nodes);
      hosts = Set.copyOf(hosts);
    }
  }
}
