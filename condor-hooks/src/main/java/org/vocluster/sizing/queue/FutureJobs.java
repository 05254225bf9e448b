package org.vocluster.sizing.queue;

/**
 * Jobs that are not in the queue yet, and would be if the idle ones started: they are demand like
 * those. {@link JobQueueMirror} has them counted anew for each cluster that may have changed,
 * {@link LogChanges} takes in what the log says of factories. They are like the newest job of their
 * cluster, as far as anybody knows.
 */
final class FutureJobs {
  private final QueueAds ads;
  private final JobKinds kinds;

  FutureJobs(QueueAds ads, JobKinds kinds) {
    this.ads = ads;
    this.kinds = kinds;
  }

  /** Takes in a number of the cluster that its factory goes by. */
  void take(ClusterAd cluster, KnownAttribute attribute, int value) {
    if (attribute == KnownAttribute.TOTAL_SUBMIT_PROCS) {
      cluster.total = value;
    } else {
      ads.factory(cluster).take(attribute, value);
    }
    concern(cluster);
  }

  /** What happened to the cluster or one of its jobs may let the factory make more or less. */
  void concern(ClusterAd cluster) {
    if (cluster.factory != null) {
      ads.markForRecount(cluster);
    }
  }

  void settle(ClusterAd cluster) {
    Factory factory = cluster.factory;
    if (factory == null) {
      return;
    }
    leave(cluster);
    factory.weight = 0;
    long more = factory.more(cluster);
    if (more <= 0) {
      return;
    }
    JobAd future = factory.future;
    ads.makeLikeNewest(future);
    Kind kind = kinds.of(cluster, future.values, cluster.is(QueueAd.FRESH));
    if (kind.group != null) {
      factory.weight = (int) Math.min(more, Integer.MAX_VALUE);
      future.proc = factory.next;
      kinds.enter(future, kind, factory.weight);
    }
  }

  void leave(ClusterAd cluster) {
    Factory factory = cluster.factory;
    if (factory != null) {
      kinds.leave(factory.future, factory.weight);
    }
  }

  /**
   * What the schedd makes a cluster's jobs from, one after the other ("late materialisation"), and
   * how many more it would make if the idle ones started.
   */
  static final class Factory {
    private boolean hasDigest;

    /** The number of the job that is made next. */
    int next;

    /** No more jobs than this in the queue, 0 for any number. */
    private int limit;

    private int maxIdle = QueueAd.NONE;
    private int paused;

    /** Stands for the jobs that are not made yet. */
    final JobAd future;

    /** How many it stands for in its group. */
    int weight;

    Factory(ClusterAd cluster, Values empty) {
      this.future = new JobAd(0, cluster, empty);
    }

    /** Takes a number in that the cluster's ad has. */
    void take(KnownAttribute attribute, int value) {
      switch (attribute) {
        case MATERIALIZE_DIGEST -> hasDigest = value == QueueAd.OTHER;
        case MATERIALIZE_NEXT -> next = value;
        case MATERIALIZE_MAX_IDLE -> maxIdle = value;
        case MATERIALIZE_LIMIT -> limit = value;
        case MATERIALIZE_PAUSED ->
            paused = value == QueueAd.NONE || value == QueueAd.DELETED ? 0 : value;
        default -> throw new IllegalArgumentException(attribute + " is none of a factory");
      }
    }

    /**
     * How many jobs the schedd would make if the idle ones started ({@code
     * JobMaterializeTimerCallback} and {@code CheckMaterializePolicyExpression} in {@code
     * qmgmt.cpp}; "idle" there is what does not run). 0 or less for none.
     */
    long more(ClusterAd cluster) {
      if (!hasDigest || paused != 0 || next <= 0) {
        return 0;
      }
      long more = (long) cluster.total - next;
      if (limit > 0) {
        more = Math.min(more, limit - cluster.size);
      }
      if (maxIdle >= 0) {
        more = Math.min(more, maxIdle - cluster.held());
      }
      return more;
    }
  }
}
