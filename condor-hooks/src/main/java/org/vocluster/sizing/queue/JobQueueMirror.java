package org.vocluster.sizing.queue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.queue.running.RunningJobs;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.RunningPayload;

/**
 * What sizing needs to know of the schedd's queue, kept current from {@code job_queue.log}: idle
 * payload jobs grouped alike, and node jobs one by one. Of the ads only the attributes are kept
 * that matter to some slot ({@link Significance}), and jobs with the same values share them, so
 * that a million jobs take some hundred bytes each. The sizer polls it in each pass and asks it
 * between two polls; not thread-safe. What it shows after {@link LogReading.Unknown} must not be
 * acted on.
 *
 * <p>An attribute that turns out to matter after it was passed over is looked for in the log again:
 * only among the records of the last look where they have all jobs that it matters to, as they do
 * when somebody submits jobs with new Requirements.
 *
 * <p>A poll is: the reader hands the log's changes to {@link LogChanges}, which writes the ads and
 * notes which changed; those are settled, which finds what each job is and where it counts; what is
 * missing for that is looked for, and what it changes is settled again.
 */
public final class JobQueueMirror implements AutoCloseable {
  /**
   * Rounds of looking for attributes that the values found last name. No chain of attributes is so
   * long unless it was made to keep us; the next poll goes on with it.
   */
  private static final int MOST_ROUNDS = 50;

  private final AttributeUses uses = new AttributeUses();
  private final MissingAttributes missing = new MissingAttributes();
  private final QueueAds ads = new QueueAds();
  private final JobKinds kinds = new JobKinds(uses, missing);
  private final FutureJobs future = new FutureJobs(ads, kinds);
  private final QueuedNodes nodes = new QueuedNodes();
  private final RunningJobs running = new RunningJobs();
  private final JobQueueLogReader reader;
  private boolean significanceChanged;

  public JobQueueMirror(Path log) {
    this.reader =
        new JobQueueLogReader(
            log, new LogChanges(uses, missing, ads, kinds, future, nodes, running));
  }

  /**
   * Says which attributes matter: jobs that agree in them are one group. When that changes, the
   * next {@link #poll} groups all jobs anew.
   */
  public void tellApartBy(Significance by) {
    if (!by.equals(kinds.significance())) {
      kinds.judgeBy(by);
      significanceChanged = true;
      // What the slots look at in any job need not be missed first.
      if (ads.size() == 0) {
        by.of(name -> null, name -> true).names().forEach(uses::addSignificant);
      }
    }
  }

  /** Brings the mirror up to date; reads only what was appended. */
  public LogReading poll() {
    long before = reader.position();
    LogReading reading = reader.poll();
    if (reading instanceof LogReading.Unknown
        || (reading instanceof LogReading.Unchanged && !significanceChanged)) {
      return reading;
    }
    if (significanceChanged) {
      significanceChanged = false;
      ads.markAll();
    }
    boolean fromStart = reading instanceof LogReading.Advanced advanced && advanced.fromStart();
    LogReading.Unknown failed = settleAll(fromStart ? 0 : before);
    if (failed != null) {
      reader.rereadFromStart();
      return failed;
    }
    ads.clearFresh();
    kinds.dropEmptied();
    nodes.settled();
    ads.sweep();
    return reading instanceof LogReading.Advanced ? reading : new LogReading.Advanced(0, false);
  }

  /** Idle vanilla jobs of a VO that are not nodes, in the order in which their groups appeared. */
  public List<JobGroup> idlePayload() {
    return kinds.idlePayload();
  }

  /** Node jobs in the queue that belong to their VO's own account. */
  public List<NodeJob> nodeJobs() {
    return nodes.genuine();
  }

  /** Node jobs that left the queue since the last call, as they were last seen. */
  public List<NodeJob> takeEnded() {
    return nodes.takeEnded();
  }

  /** Names of the hosts that jobs of any kind run on, as nodes' slots have their nodes' names. */
  public List<String> hosts() {
    return running.hosts();
  }

  /**
   * The payload jobs that have a shadow for a host: those that run there, and those that were
   * removed or held while it waits.
   */
  public List<RunningPayload> payloadOn(String host) {
    List<RunningPayload> result = new ArrayList<>();
    for (JobId id : running.on(host)) {
      JobAd job = ads.job(id.cluster(), id.proc());
      if (job != null && job.jobStatus() != JobStatus.COMPLETED && !job.is(QueueAd.NODE)) {
        ClusterAd cluster = job.cluster;
        String vo = Literals.unquoted(cluster.value(job.values, KnownAttribute.VO.number()));
        if (!vo.isEmpty()) {
          String owner = cluster.reported(job.reported, KnownAttribute.OWNER.number());
          result.add(new RunningPayload(id, Literals.unquoted(owner), vo));
        }
      }
    }
    return result;
  }

  /** Number of jobs in the queue, of any kind. */
  public int size() {
    return ads.size();
  }

  @Override
  public void close() {
    reader.close();
  }

  /**
   * Settles what has changed, and what comes of looking for what was missing.
   *
   * @param lookedFrom where the records of this look begin
   * @return null if that worked
   */
  private LogReading.@Nullable Unknown settleAll(long lookedFrom) {
    settle();
    for (int round = 0; round < MOST_ROUNDS && !missing.isEmpty(); round++) {
      MissingAttributes.Search search = missing.take(uses);
      LogReading.Unknown failed =
          reader.again(search.onlyInFresh() ? lookedFrom : 0, new LogSupplement(uses, ads, search));
      if (failed != null) {
        return failed;
      }
      settle();
    }
    return null;
  }

  private void settle() {
    List<ClusterAd> changed = ads.takeChangedClusters();
    for (ClusterAd cluster : changed) {
      if (cluster.is(QueueAd.CHANGED)) {
        for (JobAd job = cluster.first; job != null; job = job.next) {
          ads.markChanged(job);
        }
      }
    }
    for (JobAd job : ads.takeChangedJobs()) {
      job.clear(QueueAd.CHANGED);
      if (!job.is(QueueAd.DESTROYED)) {
        settle(job);
      }
    }
    // Jobs that changed have put their clusters on the list, too.
    List<ClusterAd> more = ads.takeChangedClusters();
    changed.forEach(this::recount);
    more.forEach(this::recount);
  }

  private void settle(JobAd job) {
    ClusterAd cluster = job.cluster;
    JobStatus status = job.jobStatus();
    kinds.leave(job, 1);
    cluster.countHeld(job, status == JobStatus.HELD);
    future.concern(cluster);
    Kind kind = kinds.of(cluster, job.values, job.is(QueueAd.FRESH) && cluster.is(QueueAd.FRESH));
    if (kind.isNode()) {
      nodes.put(job);
      return;
    }
    nodes.takeOut(job);
    ads.unreport(job);
    if (status == JobStatus.IDLE) {
      kinds.enter(job, kind, 1);
    }
  }

  private void recount(ClusterAd cluster) {
    cluster.clear(QueueAd.CHANGED);
    cluster.clear(QueueAd.RECOUNT);
    if (!cluster.is(QueueAd.DESTROYED)) {
      future.settle(cluster);
    }
  }
}
