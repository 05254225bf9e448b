package org.vocluster.explain;

import org.vocluster.ad.Universe;

/**
 * Says of an idle job that is no vanilla one that VOC leaves it alone, and who knows what it waits
 * for. For {@link ReasonWords}.
 */
final class UniverseWords {
  private static final String ON_ACCESS_POINT =
      "the access point itself runs it: look for its number in the SchedLog, and ask the"
          + " administrator about START_LOCAL_UNIVERSE, START_SCHEDULER_UNIVERSE and"
          + " MAX_JOBS_RUNNING";

  private UniverseWords() {}

  /**
   * @param wantsNode whether its Requirements ask for a node all the same, which no slot of another
   *     kind can meet
   */
  static Sentence of(int universe, boolean wantsNode) {
    String says =
        "it is of the "
            + Universe.nameOf(universe)
            + " universe ("
            + universe
            + "), and only vanilla jobs run in VOC nodes"
            + (universe == Universe.SCHEDULER ? ", as a DAG's own jobs may" : "");
    if (wantsNode) {
      return Sentence.of(
          says + "; yet its Requirements ask for one, which an older VOC added", "submit it anew");
    }
    return Sentence.of(
        says + ": it runs as if there were no VOC",
        Universe.isOfAccessPoint(universe)
            ? ON_ACCESS_POINT
            : "ask `condor_q -better-analyze`, or submit it with `universe = vanilla` if a node is"
                + " to run it");
  }
}
