package org.vocluster.sizing.decision;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * All that the decision about one VOC rests on.
 *
 * @param voc the definition's name
 * @param nodes its nodes; of those that have joined only the ones of a known reading
 * @param slotsKnown whether the collector's answer about VAD slots can be trusted
 * @param obstacle why submission cannot work at all, with the remedy
 * @param standby why another sizer serves this VOC
 */
public record VocSituation(
    VocName voc,
    Make make,
    Bounds bounds,
    List<NodeSupply> nodes,
    boolean slotsKnown,
    Optional<String> obstacle,
    Optional<String> standby) {

  /**
   * What the definition makes its nodes of.
   *
   * @param image SHA-256 of the image
   * @param definitions digests of what nodes are made of, one for each shape
   * @param shapes what an empty node of each shape offers to jobs, in this order, smallest first
   * @param longestJob how long a job may be for a new node, in seconds
   * @param vo whose account submits them
   */
  public record Make(
      ImageDigest image,
      Set<String> definitions,
      Map<ShapeName, Resources> shapes,
      long longestJob,
      VoName vo) {
    public Make {
      definitions = Set.copyOf(definitions);
    }
  }

  /**
   * How many nodes the definition asks for, and for how long.
   *
   * @param minNodes nodes to keep without demand
   * @param maxNodes nodes never to exceed
   * @param spareNodes nodes to keep free beyond what demand needs
   * @param rampNodes nodes that may be starting at a time
   * @param idle how long a node that is not needed stays
   * @param minimumLifetime age before which a node that is not needed stays
   * @param leavesByItself whether the nodes' own startds see to {@code idle}
   */
  public record Bounds(
      int minNodes,
      int maxNodes,
      int spareNodes,
      int rampNodes,
      Duration idle,
      Duration minimumLifetime,
      boolean leavesByItself) {}

  public VocSituation {
    nodes = List.copyOf(nodes);
  }

  public ImageDigest image() {
    return make.image();
  }

  /** Nodes that exist or will, and so count towards the maximum. */
  int counted() {
    return nodes.size() - count(Stage.HELD);
  }

  /** Nodes at that stage. */
  public int count(Stage stage) {
    int count = 0;
    for (NodeSupply node : nodes) {
      if (node.stage() == stage) {
        count++;
      }
    }
    return count;
  }

  /** Nodes of what the definition says now that have not joined yet. */
  int starting() {
    int count = 0;
    for (NodeSupply node : nodes) {
      if (node.isStarting() && node.current()) {
        count++;
      }
    }
    return count;
  }

  /** What an empty node of a shape offers; nothing if the definition has no such shape. */
  Resources offers(ShapeName shape) {
    return make.shapes().getOrDefault(shape, Resources.NONE);
  }

  /** The same, and for how long. */
  NodeSupply.Room room(ShapeName shape) {
    return new NodeSupply.Room(offers(shape), make.longestJob());
  }
}
