package org.vocluster.simulation;

import java.util.SortedSet;
import java.util.TreeSet;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;

/**
 * The nodes of one shape of one definition: what they are like, those that wait for a host, and
 * those with room.
 */
final class NodeKind {
  private final NodePrototype prototype;
  private final VocShape vocShape;
  private final Resources request;
  private final String digest;
  private final TreeSet<Node> queued = new TreeSet<>();
  private final FreeIndex<Node> taking = new FreeIndex<>();

  NodeKind(NodePrototype prototype) {
    this.prototype = prototype;
    this.vocShape = prototype.kind();
    this.request = NodePrototype.hostRequest(prototype.shape());
    this.digest = definition().nodeDigest(prototype.shape()).value();
  }

  VocDefinition definition() {
    return prototype.definition();
  }

  /** What tells these nodes from all others. */
  VocShape vocShape() {
    return vocShape;
  }

  VoName vo() {
    return definition().vo();
  }

  String accountingGroup() {
    return definition().accountingGroup();
  }

  /** Of what its nodes are made of. */
  String digest() {
    return digest;
  }

  /** What an empty node has for jobs. */
  Resources offers() {
    return prototype.offers();
  }

  /** What its node job takes from a host. */
  Resources request() {
    return request;
  }

  /** How long HTCondor lets a node job run at most, jobs of its node or not. */
  long longestRunSeconds() {
    return definition().lifetimeSeconds() + Paces.LEAVING_SECONDS;
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
