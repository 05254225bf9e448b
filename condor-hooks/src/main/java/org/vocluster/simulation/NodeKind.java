package org.vocluster.simulation;

import java.util.SortedSet;
import java.util.TreeSet;
import org.vocluster.condor.Resources;

/** The nodes of one shape of one definition: those that wait for a host, and those with room. */
final class NodeKind {
  private final Rehearsal.NodeType type;
  private final TreeSet<Node> queued = new TreeSet<>();
  private final FreeIndex<Node> taking = new FreeIndex<>();

  NodeKind(Rehearsal.NodeType type) {
    this.type = type;
  }

  Rehearsal.NodeType type() {
    return type;
  }

  /** What its node job takes from a host. */
  Resources request() {
    return type.request();
  }

  /** Nodes whose job is idle, in the order of their submission. */
  SortedSet<Node> queued() {
    return queued;
  }

  /** Nodes that have joined and take jobs, by what they have left. */
  FreeIndex<Node> taking() {
    return taking;
  }
}
