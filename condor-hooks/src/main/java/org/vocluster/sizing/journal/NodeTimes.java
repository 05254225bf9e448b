package org.vocluster.sizing.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.journal.NodeRecord.Event;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSighting;
import org.vocluster.vm.definition.NodeId;

/**
 * The moments of the nodes that live: pieced together from the queue and from what the collector
 * says each time, and told when a node joins, is first claimed and ends. A run of a node that
 * returned to the queue has ended; the next one starts afresh. Driven by what is seen and by the
 * time that is passed in.
 */
public final class NodeTimes {
  /** What a node says of itself is passed over if it is so far off. */
  private static final Duration OFF = Duration.ofDays(1);

  /** When a node joined that nobody watched for longer than this is not known. */
  private static final Duration UNWATCHED = Duration.ofSeconds(60);

  /** A node that was started for a job is claimed so soon after it joined. */
  private static final Duration CLAIMED_SOON = Duration.ofSeconds(60);

  /** How a run ended whose end nobody saw. */
  private static final String UNSEEN = "ended while sizing did not look";

  /** One run of a node. */
  private static final class Life {
    NodeJob job;
    NodeMoments moments;

    /** Whether it was in the pool before anybody looked: nobody knows since when. */
    boolean wasThere;

    Life(NodeJob job, NodeMoments moments, boolean wasThere) {
      this.job = job;
      this.moments = moments;
      this.wasThere = wasThere;
    }

    long launched() {
      return moments.at(Moment.LAUNCHED).orElse(0);
    }

    NodeRecord record(Event event, String ending) {
      return NodeRecord.of(job, moments, event, ending);
    }
  }

  private final Map<NodeId, Life> lives = new HashMap<>();
  private final Map<NodeId, NodeRecord> recalled = new HashMap<>();
  private Instant asked = Instant.EPOCH;
  private Instant joined = Instant.EPOCH;

  /**
   * Takes what the log says of nodes that had not ended when it was written; to be called first.
   */
  public void recall(Collection<NodeRecord> living) {
    living.forEach(each -> recalled.put(each.node(), each));
  }

  /**
   * Takes note of which node jobs are queued and run. Ends are to be told before, see {@link
   * #ended}.
   *
   * @param nodeJobs all there are
   * @return runs whose end nobody saw
   */
  public List<NodeRecord> saw(Collection<NodeJob> nodeJobs) {
    List<NodeRecord> unseen = new ArrayList<>();
    Set<NodeId> here = new HashSet<>();
    for (NodeJob job : nodeJobs) {
      if (!job.isOwn()) {
        continue;
      }
      here.add(job.node());
      if (job.isRunning() && job.run().launched() > 0) {
        run(job, unseen);
      }
    }
    lives.keySet().retainAll(here);
    for (NodeRecord gone : recalled.values()) {
      unseen.add(gone.ended(UNSEEN));
    }
    recalled.clear();
    return unseen;
  }

  private void run(NodeJob job, List<NodeRecord> unseen) {
    Life life = lives.get(job.node());
    if (life != null && life.job.id().equals(job.id()) && life.launched() == job.run().launched()) {
      life.job = job;
      return;
    }
    if (life != null) {
      unseen.add(life.record(Event.END, UNSEEN));
    }
    NodeMoments moments =
        NodeMoments.NONE
            .with(Moment.SUBMITTED, job.run().submitted())
            .with(Moment.LAUNCHED, job.run().launched());
    @Nullable NodeRecord before = recalled.get(job.node());
    if (before != null && before.isSameRun(NodeRecord.of(job, moments, Event.JOIN, ""))) {
      recalled.remove(job.node());
      lives.put(job.node(), new Life(job, before.moments(), true));
    } else {
      lives.put(job.node(), new Life(job, moments, false));
    }
  }

  /**
   * Takes note of what the collector says.
   *
   * @param sightings by node
   * @param at when the collector was asked
   * @return nodes that joined or were claimed for the first time
   */
  public List<NodeRecord> sawAds(Map<NodeId, NodeSighting> sightings, Instant at) {
    List<NodeRecord> news = new ArrayList<>();
    sightings.forEach(
        (node, sighting) -> {
          Life life = lives.get(node);
          if (life != null) {
            look(life, sighting, at).ifPresent(news::add);
          }
        });
    asked = at;
    return news;
  }

  private Optional<NodeRecord> look(Life life, NodeSighting sighting, Instant at) {
    long now = at.getEpochSecond();
    long heard = Math.min(sighting.heard(), now);
    if (heard > 0 && heard < life.launched()) {
      // The ad of an earlier run, which the collector has not forgotten yet.
      return Optional.empty();
    }
    boolean news = !life.moments.has(Moment.FIRST_AD);
    life.wasThere |=
        news && now - Math.max(asked.getEpochSecond(), life.launched()) > UNWATCHED.toSeconds();
    NodeMoments moments =
        life.moments
            .withFirst(Moment.EXEC, plausible(sighting.exec(), life, now))
            .withFirst(Moment.KERNEL, plausible(sighting.kernel(), life, now))
            .withFirst(Moment.STARTD, plausible(sighting.startd(), life, now));
    if (!life.wasThere) {
      moments =
          moments
              .withFirst(Moment.FIRST_AD, heard > 0 ? heard : now)
              .withFirst(Moment.FIRST_CLAIM, plausible(sighting.claimed(), life, now));
    }
    if (sighting.claimed() > 0) {
      moments = moments.with(Moment.LAST_CLAIM, now);
    }
    boolean claimed = !life.moments.has(Moment.FIRST_CLAIM) && moments.has(Moment.FIRST_CLAIM);
    life.moments = moments;
    if (news && moments.has(Moment.FIRST_AD)) {
      joined = at;
      return Optional.of(life.record(Event.JOIN, ""));
    }
    return claimed ? Optional.of(life.record(Event.CLAIM, "")) : Optional.empty();
  }

  /** Whether a first claim is near, which may be over by the time of an ordinary look. */
  public boolean isClaimNear(Instant now) {
    return now.isBefore(joined.plus(CLAIMED_SOON));
  }

  private static long plausible(long second, Life life, long now) {
    return second > life.launched() - OFF.toSeconds() && second < now + OFF.toSeconds()
        ? second
        : 0;
  }

  /**
   * Takes note of the end of a node job, or of a run of it.
   *
   * @param ending in words
   * @return what is known of the run; empty if there was none
   */
  public Optional<NodeRecord> ended(NodeJob job, String ending, Instant now) {
    @Nullable Life life = lives.remove(job.node());
    if (life == null || !life.job.id().equals(job.id())) {
      return Optional.empty();
    }
    long end = job.status() == JobStatus.COMPLETED ? job.since() : now.getEpochSecond();
    if (!job.run().host().isEmpty()) {
      life.job = job;
    }
    life.moments = life.moments.with(Moment.END, end > 0 ? end : now.getEpochSecond());
    return Optional.of(life.record(Event.END, ending));
  }
}
