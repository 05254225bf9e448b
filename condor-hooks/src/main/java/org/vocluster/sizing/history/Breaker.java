package org.vocluster.sizing.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.VocName;

/**
 * Nodes failed, and until somebody or something mends it no more than one at a time is tried: open
 * until {@link #until}, then half-open. A breaker that is closed does not exist.
 *
 * @param cause what failed, and how
 * @param voc the VOC whose node failed last
 * @param definition what that node was made of, see {@link
 *     org.vocluster.vm.definition.VocDefinition#nodeDigest}; a VOC's breaker concerns no other
 *     definition
 * @param times how often in a row, at least 1; nodes that were under way together count once
 * @param since when it opened last
 * @param what happened, with the remedy
 */
public record Breaker(
    Cause cause, VocName voc, String definition, int times, Instant since, String what) {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  /** What is to blame. */
  public enum Scope {
    IMAGE,
    HOST,
    VOC;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The kinds of failure, and with them what shows that it is over. */
  public enum Failure {
    /** The node ended or was given up before its startd joined the pool. */
    NEVER_JOINED,
    /** The host gave the node job back before the node ran. */
    REFUSED,
    /** It joined and left without a job although jobs were waiting for it. */
    RAN_NOTHING,
    /** It ended soon after joining, by nobody's order. */
    DIED_EARLY,
    /** HTCondor put the node job on hold. */
    HELD,
    /**
     * A policy, or somebody who is neither sizing nor an administrator, removed the node job or put
     * it on hold.
     */
    BY_POLICY,
    /** No node job came into being. */
    NOT_SUBMITTED;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What a breaker is about: there is one for each.
   *
   * @param key the image's SHA-256, the host's or the VOC's name
   */
  public record Cause(Scope scope, String key, Failure failure) {}

  /**
   * Whether it is one of those that are published of a VOC: its image's, and what its own nodes
   * opened, hosts' too and those of an older definition. What holds its new nodes back is less, see
   * {@code Admission}.
   */
  public boolean concerns(VocName ofVoc, ImageDigest ofImage) {
    return switch (scope()) {
      case IMAGE -> key().equals(ofImage.value());
      case VOC, HOST -> voc.equals(ofVoc);
    };
  }

  public Scope scope() {
    return cause.scope;
  }

  public String key() {
    return cause.key;
  }

  public Failure failure() {
    return cause.failure;
  }

  /** Doubles each time. */
  Duration pause() {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /** When one node may be tried. */
  public Instant until() {
    return since.plus(pause());
  }

  public boolean isOpen(Instant now) {
    return now.isBefore(until());
  }

  /** One more failure. */
  Breaker again(VocName failedVoc, String failedDefinition, Instant now, String happened) {
    return new Breaker(cause, failedVoc, failedDefinition, times + 1, now, happened);
  }
}
