package org.vocluster.simulation;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.demand.Candidate;

/** Jobs that no slot can tell apart, whoever submitted them. */
final class JobKind {
  /**
   * Nodes that take such jobs.
   *
   * @param candidate what one of them takes from such a node, and for how long
   */
  record Place(NodeKind nodes, Candidate candidate) {
    /** Whether a node with so much left to live has time for one of them. */
    boolean hasTime(Node node, long now) {
      return node.deathAt() - now >= candidate.seconds() * World.SECOND;
    }

    /** What one of them takes of a node or a claim with so much left. */
    Resources requestAt(Resources left) {
      return candidate.requestAt(left);
    }
  }

  private final ImmutableMap<String, String> attributes;
  private final List<Place> places;
  private final String why;
  private final JobId example;
  private final String exampleName;
  private int idle;

  /**
   * @param places preferred first; empty if no node takes them
   * @param why no node takes them, in words
   */
  JobKind(
      ImmutableMap<String, String> attributes,
      List<Place> places,
      String why,
      JobId example,
      String exampleName) {
    this.attributes = attributes;
    this.places = List.copyOf(places);
    this.why = why;
    this.example = example;
    this.exampleName = exampleName;
  }

  ImmutableMap<String, String> attributes() {
    return attributes;
  }

  List<Place> places() {
    return places;
  }

  String why() {
    return why;
  }

  JobId example() {
    return example;
  }

  /** What the trace calls the first of them. */
  String exampleName() {
    return exampleName;
  }

  @Nullable Place placeOn(NodeKind nodes) {
    for (Place place : places) {
      if (place.nodes == nodes) {
        return place;
      }
    }
    return null;
  }

  /** How many are idle in the queue, those included that are matched but do not run yet. */
  int idle() {
    return idle;
  }

  void addIdle(int more) {
    idle += more;
  }
}
