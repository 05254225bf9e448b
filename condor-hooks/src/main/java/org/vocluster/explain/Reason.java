package org.vocluster.explain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.sizing.demand.Deferral;

/** A reason why a job is where it is. {@link Words} says it. */
sealed interface Reason {
  /** It is in neither queue nor history. */
  record NoSuchJob(String accessPoint, String historyUnknown) implements Reason {}

  /**
   * It ran to its end.
   *
   * @param how {@code exit status 0}, {@code signal 9}
   * @param host where it ran last, empty if unknown
   */
  record Completed(Optional<Instant> at, String how, String host) implements Reason {}

  /** Somebody or a policy removed it. */
  record Removed(Optional<Instant> at, String why) implements Reason {}

  /** It is on hold. */
  record OnHold(Optional<Instant> since, String why) implements Reason {}

  /** Its input files are still on their way from its submitter. */
  record Spooling() implements Reason {}

  /** It runs in a node of its VO. */
  record RunsInNode(String node, String voc, String padHost, Optional<Instant> since)
      implements Reason {}

  /** It runs, and not in a node. */
  record RunsElsewhere(String host, Optional<Instant> since) implements Reason {}

  /** It is a node job, and its node is in the pool. */
  record NodeInPool(String node, String host, Optional<Instant> since) implements Reason {}

  /** Its owner is in no VO. */
  record NotInVo(String owner, String usersMap) implements Reason {}

  /** Nodes run vanilla jobs only. */
  record OtherUniverse(int universe) implements Reason {}

  /** The schedd does not run it yet. */
  record NotYet(Instant until, Deferral.Why why) implements Reason {}

  /** Nothing valid is registered for its VO. */
  record NoDefinition(String vo) implements Reason {}

  /** A definition has faults, so nobody is served by it. */
  record BrokenDefinition(String name, List<String> problems) implements Reason {
    public BrokenDefinition {
      problems = List.copyOf(problems);
    }
  }

  /** It asks for more than a node has. */
  record TooLarge(String voc, String shape, List<Shortfall> shortfalls) implements Reason {
    public TooLarge {
      shortfalls = List.copyOf(shortfalls);
    }
  }

  /** It refuses a VOC's nodes or they refuse it. */
  record Mismatch(String voc, String shape, List<Condition> refusing) implements Reason {
    public Mismatch {
      refusing = List.copyOf(refusing);
    }
  }

  /**
   * A node is there and has room: the negotiator has to match them.
   *
   * @param rejection what the negotiator said when it last did not, if it did
   */
  record NodeHasRoom(List<String> nodes, Optional<Rejection> rejection) implements Reason {
    public NodeHasRoom {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * What the negotiator said.
   *
   * @param why in its words, such as {@code submitter limit exceeded}
   */
  record Rejection(Instant at, String why) {}

  /** Nodes are booting. */
  record Booting(List<BootingNode> nodes) implements Reason {
    public Booting {
      nodes = List.copyOf(nodes);
    }
  }

  /** A node job that runs and whose node is not in the pool yet. */
  record BootingNode(String node, String jobId, String host, Optional<Instant> since) {}

  /**
   * Node jobs wait for a PAD slot.
   *
   * @param count how many
   * @param example the oldest of them
   * @param since when that entered the queue
   * @param hosts what keeps each PAD host from taking it; unknown if they could not be asked
   * @param rejection what the negotiator said about it
   * @param image SHA-256 of its image
   */
  record NodeQueued(
      String voc,
      int count,
      String node,
      String example,
      Optional<Instant> since,
      Reading<Map<String, PadVerdict>> hosts,
      Optional<Rejection> rejection,
      String image)
      implements Reason {}

  /** Node jobs are on hold. */
  record NodesHeld(String voc, int count, String example, String why) implements Reason {}

  /** Sizing has decided not to submit more nodes for now. */
  record Decided(String voc, String decision, String reason, Optional<Instant> at)
      implements Reason {}

  /**
   * Nodes failed lately, and one is being tried.
   *
   * @param what the breaker's words
   */
  record NodesFailed(String voc, String what) implements Reason {}

  /**
   * It was a node job: where the end of its node's console is.
   *
   * @param host the PAD host that it ran on last
   */
  record NodeConsole(String node, String host) implements Reason {}

  /** All nodes that there are have no room, and sizing wants no more. */
  record NodesBusy(String voc, long nodes) implements Reason {}

  /**
   * Nobody sizes.
   *
   * @param lastSeen when sizing was last heard of
   */
  record SizingSilent(String accessPoint, Optional<Instant> lastSeen) implements Reason {}

  /** Sizing runs and cannot trust what it reads. */
  record SizingTroubled(String accessPoint, String why) implements Reason {}

  /** The job is newer than sizing's last look. */
  record NotSeenYet() implements Reason {}

  /** Something could not be read, so that the rest may be incomplete. */
  record Unread(String what, String why) implements Reason {}
}
