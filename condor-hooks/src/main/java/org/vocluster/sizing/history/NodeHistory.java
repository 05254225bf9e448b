package org.vocluster.sizing.history;

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
import org.vocluster.ad.AdTime;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.history.Breaker.Failure;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.os.Printable;

/**
 * What became of each node, as far as it bears on the next decisions: when it joined, since when it
 * is idle, and whether its end was a failure, which opens a {@link Breaker}. A state machine driven
 * by what is seen and by the time that is passed in.
 */
public final class NodeHistory {
  /** Younger than this since it joined, a node that ends by itself died early. */
  static final Duration EARLY = Duration.ofMinutes(5);

  /**
   * A collector that was restarted knows no node until each has told it again: they do so at least
   * every minute ({@link org.vocluster.vm.node.NodeContext}).
   */
  private static final Duration TELL_AGAIN = Duration.ofSeconds(90);

  /** So long after a restart a removal may be one that the process before has ordered. */
  private static final Duration ORDERED_BEFORE = Duration.ofSeconds(60);

  /** So much later than it is so, the collector may say that a node is unclaimed. */
  private static final Duration SEEN_LATE = Duration.ofSeconds(20);

  /**
   * HTCondor's VacateReasonCodes of a job that its host did not get to run (condor_holdcodes.h).
   * Not 1006, FailedToActivateClaim: when a node job is removed, the schedd offers its claim to the
   * next one, and the startd refuses a claim past CLAIM_WORKLIFE. No host is at fault for that.
   */
  private static final Set<Integer> NOT_RUN_BY_HOST =
      Set.of(
          19, // HookPrepareJobFailure
          1003, // JobNotStarted
          1007); // StarterError

  /** No more of somebody's words than this. */
  private static final int WORDS = 500;

  /** How far a node has come. */
  private static final class Progress {
    final int startsBefore;
    @Nullable Instant started;
    @Nullable Instant joined;
    @Nullable Instant vanished;
    @Nullable Instant idleSince;
    @Nullable Instant seenClaimed;
    boolean worked;
    boolean lived;
    boolean held;

    /** It ran before this process did: nobody knows how old it is and what it ran. */
    boolean wasThere;

    Progress(int startsBefore) {
      this.startsBefore = startsBefore;
    }

    Instant started() {
      return started == null ? Instant.EPOCH : started;
    }
  }

  /**
   * The end of a node or of an attempt to run it.
   *
   * @param what happened, for the audit log
   * @param opened the breaker that it bears on
   */
  public record End(NodeJob node, String what, Optional<Breaker> opened) {
    /** The breaker's text, empty if none. */
    public String fault() {
      return opened.map(Breaker::what).orElse("");
    }
  }

  private final Map<NodeId, Progress> nodes = new HashMap<>();
  private final Set<NodeId> givenUp = new HashSet<>();
  private Instant silence = Instant.MIN;
  private final Set<NodeId> toldToLeave = new HashSet<>();
  private final Map<NodeId, String> consoles = new HashMap<>();
  private final Breakers breakers = new Breakers();
  private boolean sawBefore;

  /** When this process first looked. */
  private Instant began = Instant.MIN;

  /**
   * Takes note of which node jobs are queued and run; one that is back in the queue starts afresh.
   * What is not among them is forgotten: ends are to be told before, see {@link #ended}.
   *
   * @param nodeJobs all there are
   * @return those that have come back to the queue or were put on hold
   */
  public List<End> saw(Collection<NodeJob> nodeJobs, Instant now) {
    List<End> ends = new ArrayList<>();
    Set<NodeId> here = new HashSet<>();
    nodeJobs.forEach(node -> here.add(node.node()));
    nodes.keySet().retainAll(here);
    consoles.keySet().retainAll(here);
    for (NodeJob node : nodeJobs) {
      Progress progress = nodes.computeIfAbsent(node.node(), n -> new Progress(startsSeen(node)));
      if (node.isRunning()) {
        progress.wasThere |= !sawBefore;
        if (progress.started == null) {
          progress.started = AdTime.of(node.since());
        }
      } else if (node.isHeld()) {
        if (!progress.held) {
          Progress fresh = new Progress(node.run().starts());
          fresh.held = true;
          nodes.put(node.node(), fresh);
          if (sawBefore) {
            ends.add(putOnHold(node, progress, now));
          }
        }
      } else if (progress.held) {
        progress.held = false;
      } else if (node.isQueued()
          && (progress.started != null || node.run().starts() > progress.startsBefore)) {
        nodes.put(node.node(), new Progress(node.run().starts()));
        ends.add(cameBack(node, progress, now));
      }
    }
    if (!sawBefore) {
      sawBefore = true;
      began = now;
    }
    return ends;
  }

  /** A node that is first seen running has not failed before, as far as is known. */
  private static int startsSeen(NodeJob node) {
    return node.isRunning() ? Math.max(0, node.run().starts() - 1) : node.run().starts();
  }

  private End putOnHold(NodeJob node, Progress progress, Instant now) {
    String why = Printable.of(node.holdReason(), WORDS);
    Optional<Breaker> opened = Optional.empty();
    if (!Removal.isHeldOnPurpose(node)) {
      boolean policy = Removal.isHeldByPolicy(node);
      opened =
          Optional.of(
              breakers.failed(
                  new Breakers.Failed(
                      node,
                      begun(node, progress, now),
                      policy ? Failure.BY_POLICY : Failure.HELD,
                      "was put on hold: " + why,
                      policy
                          ? "look at SYSTEM_PERIODIC_HOLD of the access point and whatever else"
                              + " holds jobs there"
                          : "look at that host's StarterLog and the ShadowLog here"),
                  now));
    }
    return new End(node, "put on hold: " + why, opened);
  }

  /** When a node that failed began: one that never ran, when its job was submitted. */
  private static Instant begun(NodeJob node, Progress progress, Instant now) {
    if (progress.started != null) {
      return progress.started;
    }
    long since = Math.max(node.run().submitted(), node.run().launched());
    return since > 0 ? AdTime.of(since) : now;
  }

  private End cameBack(NodeJob node, Progress progress, Instant now) {
    String why =
        node.run().vacateReason().isEmpty() ? "preempted or lost" : node.run().vacateReason();
    Optional<Breaker> opened = Optional.empty();
    if (progress.joined == null && NOT_RUN_BY_HOST.contains(node.run().vacateCode())) {
      opened =
          Optional.of(
              breakers.failed(
                  new Breakers.Failed(
                      node,
                      now,
                      Failure.REFUSED,
                      "was refused: " + why,
                      "look at that host's StarterLog"),
                  now));
    }
    return new End(node, "returned to the queue: " + why, opened);
  }

  /**
   * Takes note of which nodes are in the pool.
   *
   * @param jobs the node jobs in the queue, by node
   * @return nodes that joined and were not there before
   */
  public List<NodeId> sawSlots(Collection<NodeSlot> slots, Map<NodeId, NodeJob> jobs, Instant now) {
    Map<NodeId, Boolean> claimed = new HashMap<>();
    for (NodeSlot slot : slots) {
      claimed.merge(slot.node(), slot.claimed(), Boolean::logicalOr);
    }
    nodes.forEach(
        (name, progress) -> {
          if (progress.joined != null && progress.vanished == null && !claimed.containsKey(name)) {
            progress.vanished = now;
          }
        });
    List<NodeId> fresh = new ArrayList<>();
    claimed.forEach(
        (name, isClaimed) -> {
          NodeJob job = jobs.get(name);
          if (job != null && look(job, isClaimed, now)) {
            fresh.add(name);
          }
        });
    return fresh;
  }

  /** Takes note that the collector was asked in vain. */
  public void collectorWasSilent(Instant at) {
    silence = at;
  }

  /** Whether nodes may be in the pool that the collector does not know yet. */
  public boolean mayBeUntold(Instant now) {
    return now.isBefore(silence.plus(TELL_AGAIN));
  }

  private boolean look(NodeJob job, boolean claimed, Instant now) {
    Progress progress = nodes.computeIfAbsent(job.node(), n -> new Progress(startsSeen(job)));
    boolean news = progress.joined == null;
    progress.vanished = null;
    if (news) {
      progress.joined = now;
      givenUp.remove(job.node());
      progress.worked = progress.wasThere;
      progress.lived = progress.wasThere;
      breakers.joined(job, now);
    }
    if (claimed) {
      progress.seenClaimed = now;
      progress.idleSince = null;
      if (!progress.worked) {
        progress.worked = true;
        breakers.worked(job);
      }
    } else if (progress.idleSince == null) {
      progress.idleSince = now;
    }
    if (!progress.lived && progress.joined != null && !now.isBefore(progress.joined.plus(EARLY))) {
      progress.lived = true;
      breakers.lived(job, progress.started());
    }
    return news;
  }

  /** Takes note that a node is removed because it did not join in time. */
  public void gaveUp(NodeJob node) {
    givenUp.add(node.node());
  }

  /**
   * Takes note of what a node that is given up wrote to its console.
   *
   * @param words where it is and what it ends with
   */
  public void sawConsole(NodeId node, String words) {
    if (nodes.containsKey(node)) {
      consoles.put(node, words);
    }
  }

  /** Whether a node was given up and has not ended yet. */
  public boolean hasGivenUp(NodeId node) {
    return givenUp.contains(node);
  }

  /** Takes note that a node is told to leave or removed for a reason other than its own fault. */
  public void toldToLeave(NodeJob node) {
    toldToLeave.add(node.node());
  }

  /** Takes note that a node that was to leave does not, or that it could not be told. */
  public void stays(NodeJob node) {
    toldToLeave.remove(node.node());
  }

  /**
   * Takes note of a node job that left the queue.
   *
   * @param expected what was to be expected of it
   */
  public End ended(NodeJob node, Expectations expected, Instant now) {
    Progress seen = nodes.remove(node.node());
    Progress progress = seen == null ? new Progress(0) : seen;
    boolean late = givenUp.remove(node.node());
    String console = consoles.remove(node.node());
    boolean told = toldToLeave.remove(node.node());
    boolean ran = progress.started != null || node.status() == JobStatus.COMPLETED;
    String ending = ending(node, late && progress.joined == null);
    if (told || progress.held) {
      return new End(node, ending, Optional.empty());
    }
    if (!late && node.status() == JobStatus.REMOVED) {
      return new End(
          node,
          ending,
          isOrdered(node, now)
              ? Optional.empty()
              : Optional.of(breakers.failed(removed(node, progress, now), now)));
    }
    if (!ran) {
      return new End(node, ending, Optional.empty());
    }
    Optional<Breakers.Failed> failed =
        progress.joined == null
            ? Optional.of(neverJoined(node, progress, late, console))
            : endedInPool(node, progress, expected, now);
    return new End(node, ending, failed.map(f -> breakers.failed(f, now)));
  }

  /** Removed in a way that is nobody's fault, or by an order of the process before this one. */
  private boolean isOrdered(NodeJob node, Instant now) {
    return Removal.isRegular(node)
        || (Removal.soundsOrdered(node) && now.isBefore(began.plus(ORDERED_BEFORE)));
  }

  private static Breakers.Failed removed(NodeJob node, Progress progress, Instant now) {
    String reason = node.run().removeReason();
    return new Breakers.Failed(
        node,
        begun(node, progress, now),
        Failure.BY_POLICY,
        "was removed: " + (reason.isEmpty() ? "no reason given" : Printable.of(reason, WORDS)),
        "look at SYSTEM_PERIODIC_REMOVE of the access point and whatever else removes jobs there");
  }

  private static Breakers.Failed neverJoined(
      NodeJob node, Progress progress, boolean late, @Nullable String console) {
    String where =
        console == null
            ? "the end of its console is kept on that host, as "
                + node.node()
                + ".log in VOC_CONSOLE_DIR"
            : console;
    return new Breakers.Failed(
        node,
        progress.started(),
        Failure.NEVER_JOINED,
        late ? "did not join the pool in time" : "ended without joining the pool",
        where + "; look at the StarterLog there, and boot the image by hand");
  }

  /** What is wrong with the end of a node that had joined, if anything. */
  private static Optional<Breakers.Failed> endedInPool(
      NodeJob node, Progress progress, Expectations expected, Instant now) {
    Duration idle = expected.idle();
    if (!progress.lived && diedClaimed(progress, idle, now)) {
      return Optional.of(died(node, progress, "died under a job soon after joining"));
    }
    if (!progress.lived && leftTooSoon(progress, idle, now)) {
      return Optional.of(died(node, progress, "died soon after joining"));
    }
    if (!progress.worked && expected.wanted().getAsBoolean()) {
      return Optional.of(
          new Breakers.Failed(
              node,
              progress.started(),
              Failure.RAN_NOTHING,
              "joined and left without a job although jobs were idle",
              "ask condor_q -better-analyze why one of them does not match that VOC's slots"));
    }
    return Optional.empty();
  }

  /** One that was claimed when it was last seen may have been idle for its time since then. */
  private static boolean diedClaimed(Progress progress, Duration idle, Instant now) {
    return progress.seenClaimed != null
        && progress.idleSince == null
        && now.isBefore(progress.seenClaimed.plus(idle));
  }

  /** A node that leaves by itself was idle for its time, of which the sizer saw a little less. */
  private static boolean leftTooSoon(Progress progress, Duration idle, Instant now) {
    return progress.idleSince != null
        && now.isBefore(
            progress.idleSince.plus(idle.multipliedBy(3).dividedBy(4)).minus(SEEN_LATE));
  }

  private static Breakers.Failed died(NodeJob node, Progress progress, String what) {
    return new Breakers.Failed(
        node,
        progress.started(),
        Failure.DIED_EARLY,
        what,
        "look at the PAD host's StarterLog and kernel log: memory is the usual cause");
  }

  private static String ending(NodeJob node, boolean late) {
    if (late) {
      return "removed: it did not join the pool in time";
    }
    return switch (node.status()) {
      case COMPLETED -> "ended by itself";
      case REMOVED ->
          node.run().removeReason().isEmpty()
              ? "removed"
              : "removed: " + Printable.of(node.run().removeReason(), WORDS);
      case IDLE, RUNNING, HELD, TRANSFERRING_OUTPUT, SUSPENDED, UNKNOWN -> "left the queue";
    };
  }

  public boolean hasJoined(NodeId node) {
    Progress progress = nodes.get(node);
    return progress != null && progress.joined != null;
  }

  /** Since when a node that had joined is not in the pool any more. */
  public Optional<Instant> vanished(NodeId node) {
    Progress progress = nodes.get(node);
    return progress == null ? Optional.empty() : Optional.ofNullable(progress.vanished);
  }

  /** Since when the node is in the pool without a claim, as far as was seen. */
  public Optional<Instant> idleSince(NodeId node) {
    Progress progress = nodes.get(node);
    return progress == null ? Optional.empty() : Optional.ofNullable(progress.idleSince);
  }

  public Breakers breakers() {
    return breakers;
  }
}
