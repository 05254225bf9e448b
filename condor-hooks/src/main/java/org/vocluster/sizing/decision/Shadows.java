package org.vocluster.sizing.decision;

/**
 * What the own schedd still can run: every node job takes a shadow of its, and so does every job
 * that nodes run. {@link Admission} lets nodes have of it what leaves room for their jobs, those in
 * nodes that exist first; else the node jobs would take all of it, and none of their jobs ran.
 */
final class Shadows {
  private final ScheddRoom schedd;
  private long left;

  Shadows(PoolSituation pool) {
    this.schedd = pool.demand().schedd();
    long run = 0;
    long willRun = 0;
    for (VocSituation voc : pool.vocs()) {
      for (NodeSupply node : voc.nodes()) {
        if (node.isOwn()) {
          switch (node.stage()) {
            case QUEUED, SUBMITTED -> willRun++;
            case READY, BOOTING, LEAVING, OVERDUE, LOST -> run++;
            case HELD -> {}
          }
        }
      }
    }
    // The schedd tells every few minutes only.
    this.left = schedd.maxRunning() - Math.max(run, schedd.running()) - willRun;
  }

  private boolean isLimited() {
    return schedd.maxRunning() < Integer.MAX_VALUE;
  }

  /** So many jobs will run in nodes that exist or are on their way. */
  void forJobs(long jobs) {
    left = Math.max(0, left - jobs);
  }

  /**
   * How many of these nodes it can run together with their jobs.
   *
   * @param perNode how many jobs each is to run
   */
  int allow(int nodes, int perNode) {
    if (!isLimited()) {
      return nodes;
    }
    long whole = Math.max(0, left) / (1L + perNode);
    // One node with fewer jobs than it could run is better than none.
    return (int) Math.min(nodes, whole == 0 && left > 1 ? 1 : whole);
  }

  /** So many nodes are to be submitted. */
  void forNodes(int nodes) {
    left -= nodes;
  }

  String words() {
    return "MAX_JOBS_RUNNING of this schedd is "
        + schedd.maxRunning()
        + ", of which "
        + Math.max(0, left)
        + " are left, and each node needs one for itself and one for each of its jobs";
  }
}
