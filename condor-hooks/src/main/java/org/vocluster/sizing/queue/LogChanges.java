package org.vocluster.sizing.queue;

import org.jspecify.annotations.Nullable;
import org.vocluster.sizing.queue.running.RunningJobs;

/**
 * Applies what the log says to the ads, at the first look: the consumer that {@link JobQueueMirror}
 * gives its reader. It settles nothing: a transaction may have half of a job's records when one of
 * them comes, and a million jobs are settled once, not once a record.
 */
final class LogChanges implements LogConsumer {
  private static final int REMOTE_HOST = KnownAttribute.REMOTE_HOST.number();

  private final AttributeUses uses;
  private final MissingAttributes missing;
  private final QueueAds ads;
  private final JobKinds kinds;
  private final FutureJobs future;
  private final QueuedNodes nodes;
  private final RunningJobs running;

  /** The ad of the last record: most are about the same as the one before. */
  private @Nullable QueueAd last;

  private int lastCluster;
  private int lastProc;

  LogChanges(
      AttributeUses uses,
      MissingAttributes missing,
      QueueAds ads,
      JobKinds kinds,
      FutureJobs future,
      QueuedNodes nodes,
      RunningJobs running) {
    this.uses = uses;
    this.missing = missing;
    this.ads = ads;
    this.kinds = kinds;
    this.future = future;
    this.nodes = nodes;
    this.running = running;
  }

  @Override
  public void reset() {
    last = null;
    ads.clear();
    missing.clear();
    nodes.reset();
    kinds.clear();
    running.clear();
  }

  @Override
  public int wanted(int cluster, int proc, byte[] buffer, int from, int to) {
    if (!QueueAds.isOurs(cluster, proc)) {
      return AttributeNumbers.UNKNOWN;
    }
    int number = uses.find(buffer, from, to);
    if (number >= 0 && uses.isKept(number)) {
      return number;
    }
    return missing.isWhole(cluster) ? uses.ofWhole(buffer, from, to) : AttributeNumbers.UNKNOWN;
  }

  @Override
  public void create(int cluster, int proc) {
    if (QueueAds.isOurs(cluster, proc)) {
      last = ads.create(cluster, proc);
      lastCluster = cluster;
      lastProc = proc;
    }
  }

  private @Nullable QueueAd find(int cluster, int proc) {
    if (last == null || lastCluster != cluster || lastProc != proc) {
      last = ads.find(cluster, proc);
      lastCluster = cluster;
      lastProc = proc;
    }
    return last;
  }

  @Override
  public void set(int cluster, int proc, int attribute, byte[] buffer, int from, int to) {
    QueueAd ad = find(cluster, proc);
    if (ad == null) {
      return;
    }
    byte use = uses.of(attribute);
    if ((use & AttributeUses.COUNTED) != 0) {
      count(ad, KnownAttribute.of(attribute), number(buffer, from, to));
    }
    boolean isReported = (use & AttributeUses.REPORTED) != 0;
    boolean isPut = (use & AttributeUses.SIGNIFICANT) != 0 || missing.isWhole(cluster);
    if (isReported || isPut) {
      String value = ads.string(buffer, from, to);
      if (isReported) {
        ads.report(ad, attribute, value);
        if (attribute == REMOTE_HOST && ad instanceof JobAd job) {
          running.runs(job.id(), Literals.unquoted(value));
        }
      }
      if (isPut) {
        ads.put(ad, attribute, value);
      }
    }
  }

  @Override
  public void delete(int cluster, int proc, int attribute) {
    QueueAd ad = find(cluster, proc);
    if (ad == null) {
      return;
    }
    byte use = uses.of(attribute);
    if ((use & AttributeUses.COUNTED) != 0) {
      KnownAttribute known = KnownAttribute.of(attribute);
      boolean hides = ad instanceof JobAd job && job.cluster.own(known) != QueueAd.NONE;
      count(ad, known, hides ? QueueAd.DELETED : QueueAd.NONE);
    }
    if ((use & AttributeUses.REPORTED) != 0) {
      ads.report(ad, attribute, null);
      if (attribute == REMOTE_HOST && ad instanceof JobAd job) {
        running.stopped(job.id());
      }
    }
    if ((use & AttributeUses.SIGNIFICANT) != 0 || missing.isWhole(cluster)) {
      ads.put(ad, attribute, null);
    }
  }

  private void count(QueueAd ad, KnownAttribute attribute, int value) {
    switch (attribute) {
      case JOB_STATUS -> {
        ad.status = (byte) Math.clamp(value, QueueAd.DELETED, Byte.MAX_VALUE);
        ads.markChanged(ad);
      }
      case ENTERED_CURRENT_STATUS -> {
        ad.entered = value;
        // It comes with a change of the status, and matters to nobody but node jobs.
        if (ad.is(QueueAd.NODE)) {
          ads.markChanged(ad);
        }
      }
      case HOLD_REASON_CODE -> {
        ad.holdCode = (short) Math.clamp(value, QueueAd.DELETED, Short.MAX_VALUE);
        ads.markChanged(ad);
      }
      default -> {
        if (ad instanceof ClusterAd cluster) {
          future.take(cluster, attribute, value);
        }
      }
    }
  }

  @Override
  public void destroy(int cluster, int proc) {
    last = null;
    if (!QueueAds.isOurs(cluster, proc)) {
      return;
    }
    if (proc != QueueAds.CLUSTER_AD) {
      JobAd job = ads.job(cluster, proc);
      if (job != null) {
        destroy(job);
      }
      return;
    }
    ClusterAd parent = ads.cluster(cluster);
    if (parent != null) {
      for (JobAd job = parent.first; job != null; job = parent.first) {
        destroy(job);
      }
      future.leave(parent);
      ads.remove(parent);
      missing.forget(cluster);
    }
  }

  private void destroy(JobAd job) {
    ads.remove(job);
    kinds.leave(job, 1);
    future.concern(job.cluster);
    nodes.destroyed(job);
    running.stopped(job.id());
  }

  /**
   * A whole number; {@link QueueAd#OTHER} for text, {@link QueueAd#DELETED} for any other
   * expression.
   */
  private static int number(byte[] buffer, int from, int to) {
    int at = from;
    boolean negative = at < to && buffer[at] == '-';
    if (negative) {
      at++;
    }
    if (at == to || to - at > 10) {
      return at < to && buffer[at] == '"' ? QueueAd.OTHER : QueueAd.DELETED;
    }
    long value = 0;
    for (; at < to; at++) {
      int digit = buffer[at] - '0';
      if (digit < 0 || digit > 9) {
        return buffer[from] == '"' ? QueueAd.OTHER : QueueAd.DELETED;
      }
      value = value * 10 + digit;
    }
    // No attribute here has a negative value that means more than "not so".
    return negative ? -3 : (int) Math.min(value, Integer.MAX_VALUE);
  }
}
