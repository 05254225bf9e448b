package org.vocluster.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.sizing.demand.Deferral;
import org.vocluster.sizing.standing.Missing;

/**
 * A reason why a job is where it is. {@link Explainer} finds it, {@link ReasonWords} says it, each
 * group in a switch of its own: a new reason belongs to one of the groups, and does not compile
 * before it has words.
 */
sealed interface Reason {
  /** It is not in the queue, or not any more. */
  sealed interface Gone extends Reason {}

  /** It is in neither queue nor history. */
  record NoSuchJob(String accessPoint, String historyUnknown) implements Gone {}

  /**
   * It ran to its end.
   *
   * @param how {@code exit status 0}, {@code signal 9}
   * @param host where it ran last, empty if unknown
   */
  record Completed(Optional<Instant> at, String how, String host) implements Gone {}

  /** Somebody or a policy removed it. */
  record Removed(Optional<Instant> at, String why) implements Gone {}

  /**
   * It was a node job: where the end of its node's console is.
   *
   * @param host the PAD host that it ran on last
   */
  record NodeConsole(String node, String host) implements Gone {}

  /** It waits for no node: it is on hold, runs, or is a node job that runs. */
  sealed interface NotIdle extends Reason {}

  /** It is on hold. */
  record OnHold(Optional<Instant> since, String why) implements NotIdle {}

  /** Its input files are still on their way from its submitter. */
  record Spooling() implements NotIdle {}

  /** It runs in a node of its VO. */
  record RunsInNode(String node, String voc, String padHost, Optional<Instant> since)
      implements NotIdle {}

  /** It runs on the access point itself, as jobs of its universe do. */
  record RunsOnAccessPoint(int universe, Optional<Instant> since) implements NotIdle {}

  /** It runs, and not in a node. */
  record RunsElsewhere(String host, Optional<Instant> since) implements NotIdle {}

  /** It is a node job, and its node is in the pool. */
  record NodeInPool(String node, String host, Optional<Instant> since) implements NotIdle {}

  /** No node is asked for it. */
  sealed interface NoDemand extends Reason {}

  /** Its owner is in no VO. */
  record NotInVo(String owner, String usersMap) implements NoDemand {}

  /** Its owner, or the users' map, has it run outside the nodes. */
  record OutsideByChoice(String usersMap) implements NoDemand {}

  /**
   * Nodes run vanilla jobs only, and VOC leaves all others as they are.
   *
   * @param wantsNode whether its Requirements ask for a node all the same
   */
  record OtherUniverse(int universe, boolean wantsNode) implements NoDemand {}

  /** The schedd does not run it yet. */
  record NotYet(Instant until, Deferral.Why why) implements NoDemand {}

  /** Nothing valid is registered for its VO. */
  record NoDefinition(String vo) implements NoDemand {}

  /** A definition has faults, so nobody is served by it. */
  record BrokenDefinition(String name, List<String> problems) implements NoDemand {
    public BrokenDefinition {
      problems = List.copyOf(problems);
    }
  }

  /** It asks for more than a node has. */
  record TooLarge(String voc, String shape, List<Shortfall> shortfalls) implements NoDemand {
    public TooLarge {
      shortfalls = List.copyOf(shortfalls);
    }
  }

  /**
   * It runs for longer than a node lives.
   *
   * @param seconds as it says
   * @param longest what a node has time for
   */
  record TooLong(String voc, long seconds, long longest) implements NoDemand {}

  /**
   * Only a node can tell whether its Requirements hold.
   *
   * @param attributes what the node is to show
   */
  record Untold(String voc, String shape, List<String> attributes) implements NoDemand {
    public Untold {
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * It refuses a VOC's nodes or they refuse it.
   *
   * @param shownBy the node that has shown what such nodes have; empty if none has
   */
  record Mismatch(String voc, String shape, List<Condition> refusing, String shownBy)
      implements NoDemand {
    public Mismatch {
      refusing = List.copyOf(refusing);
    }
  }

  /** Nodes would take it: what there are, and how far those are that come. */
  sealed interface OfNodes extends Reason {}

  /**
   * A node is there and has room: the negotiator has to match them.
   *
   * @param rejection what the negotiator said when it last did not, if it did
   */
  record NodeHasRoom(List<String> nodes, Optional<Rejection> rejection) implements OfNodes {
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
  record Booting(List<BootingNode> nodes) implements OfNodes {
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
   * @param hosts what keeps each PAD host from taking the oldest; unknown if they could not be
   *     asked
   * @param rejection what the negotiator said about it
   */
  record NodeQueued(
      String voc,
      int count,
      QueuedNode oldest,
      Reading<Map<String, PadVerdict>> hosts,
      Optional<Rejection> rejection)
      implements OfNodes {}

  /**
   * A node job that waits for a PAD slot.
   *
   * @param since when it entered the queue
   * @param image SHA-256 of its image
   */
  record QueuedNode(String node, String jobId, Optional<Instant> since, String image) {}

  /** Node jobs are on hold. */
  record NodesHeld(String voc, int count, String example, String why) implements OfNodes {}

  /** All nodes that there are have no room, and sizing wants no more. */
  record NodesBusy(String voc, long nodes) implements OfNodes {}

  /** Nodes would take it: what sizing says, or that it says nothing. */
  sealed interface OfSizing extends Reason {}

  /** Sizing has decided not to submit more nodes for now. */
  record Decided(String voc, String decision, String reason, Optional<Instant> at)
      implements OfSizing {}

  /**
   * Nodes failed lately, and one is being tried.
   *
   * @param what the breaker's words
   */
  record NodesFailed(String voc, String what) implements OfSizing {}

  /**
   * Nobody sizes.
   *
   * @param lastSeen when sizing was last heard of
   */
  record SizingSilent(String accessPoint, Optional<Instant> lastSeen) implements OfSizing {
    /** The size hook publishes at least once a minute; HTCondor starts one anew within seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Whether sizing cannot be running any more if this is when it was last heard of. */
    static boolean isSilent(Instant lastSeen, Instant now) {
      return lastSeen.plus(PATIENCE).isBefore(now);
    }
  }

  /**
   * Sizing runs and serves nobody, for the configuration in force is not what it must be.
   *
   * @param missing what is not, what stops all first
   * @param why where it is not known what is
   */
  record NobodyServed(String accessPoint, List<Missing> missing, String why) implements OfSizing {
    public NobodyServed {
      missing = List.copyOf(missing);
    }
  }

  /** Sizing runs and cannot trust what it reads. */
  record SizingTroubled(String accessPoint, String why) implements OfSizing {}

  /** The job is newer than sizing's last look. */
  record NotSeenYet() implements OfSizing {}

  /** Something could not be read, so that the rest may be incomplete. */
  record Unread(String what, String why) implements Reason {}
}
