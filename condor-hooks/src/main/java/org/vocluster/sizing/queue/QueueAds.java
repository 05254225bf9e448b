package org.vocluster.sizing.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ads of the queue by their keys, what they hold, and the list of those that changed since the
 * mirror last settled. {@link LogChanges} and {@link LogSupplement} write them, {@link
 * JobQueueMirror} settles them. What the values mean is not known here.
 */
final class QueueAds {
  static final int CLUSTER_AD = -1;

  /** A job's own "delete" of an attribute hides the one it would inherit from its cluster. */
  private static final String HIDDEN = "undefined";

  /** Fewer values than this are not swept: a megabyte or two. */
  private static final int SMALLEST_SWEEP = 10_000;

  private final Values.Shared shared = new Values.Shared();
  private final SharedStrings strings = new SharedStrings();
  private int sharedAfterSweep = SMALLEST_SWEEP;

  private final KeyTable<ClusterAd> clusters = new KeyTable<>();
  private final KeyTable<JobAd> jobs = new KeyTable<>();
  private List<ClusterAd> changedClusters = new ArrayList<>();
  private List<JobAd> changedJobs = new ArrayList<>();
  private final List<QueueAd> fresh = new ArrayList<>();

  /** Whether a key is one of a cluster or a job, and not of the schedd's own ads. */
  static boolean isOurs(int cluster, int proc) {
    return cluster > 0 && proc >= CLUSTER_AD;
  }

  /** Number of jobs. */
  int size() {
    return jobs.size();
  }

  @Nullable ClusterAd cluster(int number) {
    return clusters.get(KeyTable.key(number, CLUSTER_AD));
  }

  @Nullable JobAd job(int cluster, int proc) {
    return jobs.get(KeyTable.key(cluster, proc));
  }

  @Nullable QueueAd find(int cluster, int proc) {
    return proc == CLUSTER_AD ? cluster(cluster) : job(cluster, proc);
  }

  /** The ad of that key, a new one if there is none; a job's cluster with it. */
  QueueAd create(int cluster, int proc) {
    ClusterAd parent = cluster(cluster);
    if (parent == null) {
      parent = new ClusterAd(cluster, shared.empty);
      clusters.put(KeyTable.key(cluster, CLUSTER_AD), parent);
      addFresh(parent);
    }
    if (proc == CLUSTER_AD) {
      return parent;
    }
    JobAd job = job(cluster, proc);
    if (job == null) {
      job = new JobAd(proc, parent, shared.empty);
      jobs.put(KeyTable.key(cluster, proc), job);
      parent.add(job);
      addFresh(job);
    }
    markChanged(job);
    return job;
  }

  private void addFresh(QueueAd ad) {
    ad.set(QueueAd.FRESH);
    fresh.add(ad);
  }

  void remove(JobAd job) {
    jobs.remove(KeyTable.key(job.cluster.number, job.proc));
    job.set(QueueAd.DESTROYED);
    job.cluster.remove(job);
  }

  /** Removes a cluster that has no jobs any more. */
  void remove(ClusterAd cluster) {
    clusters.remove(KeyTable.key(cluster.number, CLUSTER_AD));
    cluster.set(QueueAd.DESTROYED);
  }

  FutureJobs.Factory factory(ClusterAd cluster) {
    FutureJobs.Factory factory = cluster.factory;
    if (factory == null) {
      factory = new FutureJobs.Factory(cluster, shared.empty);
      cluster.factory = factory;
    }
    return factory;
  }

  /** The string that these bytes are; the same for values that are spelt alike. */
  String string(byte[] buffer, int from, int to) {
    return strings.of(buffer, from, to);
  }

  /** Sets, or deletes with null, what may tell jobs apart. */
  void put(QueueAd ad, int number, @Nullable String value) {
    boolean hides =
        value == null && ad instanceof JobAd job && job.cluster.values.get(number) != null;
    Values before = ad.values;
    ad.values = shared.with(before, number, hides ? HIDDEN : value);
    if (!ad.values.equals(before)) {
      markChanged(ad);
    }
  }

  /** Sets, or deletes with null, what is reported of node jobs. */
  void report(QueueAd ad, int number, @Nullable String value) {
    boolean hides =
        value == null && ad instanceof JobAd job && job.cluster.reported.get(number) != null;
    Values before = ad.reported;
    ad.reported = shared.with(before, number, hides ? HIDDEN : value);
    if (!ad.reported.equals(before)) {
      markChanged(ad);
    }
  }

  /** Takes a value away as if it had never been set. */
  void unset(QueueAd ad, int number) {
    ad.values = shared.with(ad.values, number, null);
  }

  /** Forgets what would be reported, of a job that is no node. */
  void unreport(JobAd job) {
    job.reported = shared.empty;
  }

  /** Gives the jobs that are still to be made the values of the newest that there is. */
  void makeLikeNewest(JobAd future) {
    JobAd newest = future.cluster.newest();
    future.values = newest == null ? shared.empty : newest.values;
  }

  void markChanged(QueueAd ad) {
    switch (ad) {
      case JobAd job -> markChanged(job);
      case ClusterAd cluster -> {
        markForRecount(cluster);
        cluster.set(QueueAd.CHANGED);
      }
    }
  }

  void markChanged(JobAd job) {
    if (!job.is(QueueAd.CHANGED)) {
      job.set(QueueAd.CHANGED);
      changedJobs.add(job);
    }
  }

  /** Has the cluster settled, and not its jobs. */
  void markForRecount(ClusterAd cluster) {
    if (!cluster.is(QueueAd.RECOUNT)) {
      cluster.set(QueueAd.RECOUNT);
      changedClusters.add(cluster);
    }
  }

  /** Has everything settled anew, as if by other rules; nothing is fresh then. */
  void markAll() {
    clearFresh();
    forgetKinds();
    jobs.forEach(this::markChanged);
    clusters.forEach(this::markForRecount);
  }

  List<ClusterAd> takeChangedClusters() {
    List<ClusterAd> changed = changedClusters;
    changedClusters = new ArrayList<>();
    return changed;
  }

  List<JobAd> takeChangedJobs() {
    List<JobAd> changed = changedJobs;
    changedJobs = new ArrayList<>();
    return changed;
  }

  void clearFresh() {
    for (QueueAd ad : fresh) {
      ad.clear(QueueAd.FRESH);
    }
    fresh.clear();
  }

  /** Forgets everything. */
  void clear() {
    clusters.clear();
    jobs.clear();
    changedClusters.clear();
    changedJobs.clear();
    fresh.clear();
    shared.clear();
    strings.clear();
  }

  /** If there are many, values that no ad has any more go, and what was worked out for them. */
  void sweep() {
    if (shared.size() <= 2 * sharedAfterSweep) {
      return;
    }
    forgetKinds();
    Consumer<QueueAd> mark =
        ad -> {
          Values.Shared.markLive(ad.values);
          Values.Shared.markLive(ad.reported);
        };
    clusters.forEach(mark);
    jobs.forEach(mark);
    shared.keepOnlyLive();
    strings.clear();
    sharedAfterSweep = Math.max(SMALLEST_SWEEP, shared.size());
  }

  private void forgetKinds() {
    clusters.forEach(cluster -> cluster.values.kinds = null);
  }
}
