package org.vocluster.vocpool;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One job's life in a queue, as {@link QueueWatch} saw it.
 *
 * @param id cluster and process, "12.0"
 * @param attributes the last that the queue said of it, its cluster's included; ClassAd expressions
 * @param from when it came into the queue, by {@link System#nanoTime}
 * @param statuses each JobStatus it had, in order; the first came with the job
 * @param until when it left the queue; empty if it is still there
 */
public record QueuedJob(
    String id,
    Map<String, String> attributes,
    long from,
    List<StatusChange> statuses,
    OptionalLong until) {
  /** HTCondor's JobStatus. */
  public static final int IDLE = 1;

  public static final int RUNNING = 2;
  public static final int REMOVED = 3;
  public static final int HELD = 5;

  // CONDOR_HOLD_CODE::SpoolingInput, condor_holdcodes.h: every spooled job starts with it.
  private static final int SPOOLING_INPUT = 16;

  /** A status and when the job took it; the reason's code is 0 but for {@link #HELD}. */
  public record StatusChange(int status, int holdCode, long at) {}

  public QueuedJob {
    attributes = Map.copyOf(attributes);
    statuses = List.copyOf(statuses);
  }

  /** Whether it is a virtual machine rather than a user's job. */
  public boolean isNode() {
    return attributes.getOrDefault("VocNodeJob", "").equalsIgnoreCase("true");
  }

  /** The VOC that a node job is of. */
  public boolean isNodeOf(String voc) {
    return isNode() && text("Voc").equals(voc);
  }

  /** The node that a node job is. */
  public String node() {
    return text("VocNode");
  }

  /** A string attribute's value; empty if there is none. */
  public String text(String attribute) {
    String value = attributes.getOrDefault(attribute, "");
    return value.length() > 1 && value.startsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  /** When it was removed, or left the queue by itself; empty if it is still wanted there. */
  public OptionalLong gone() {
    // The schedd may take seconds to clear a removed job away, which changes nothing any more.
    OptionalLong removed = first(REMOVED);
    return removed.isPresent() ? removed : until;
  }

  public boolean isQueued() {
    return gone().isEmpty();
  }

  public int status() {
    return statuses.getLast().status();
  }

  /** When it had a status first. */
  public OptionalLong first(int status) {
    return statuses.stream()
        .filter(change -> change.status() == status)
        .mapToLong(StatusChange::at)
        .findFirst();
  }

  /** Whether it ever was on hold for more than the arrival of its files. */
  public boolean wasHeld() {
    return statuses.stream()
        .anyMatch(change -> change.status() == HELD && change.holdCode() != SPOOLING_INPUT);
  }

  /** How many of these jobs were in the queue at the same time, at most. */
  public static int mostAtOnce(List<QueuedJob> jobs, Predicate<QueuedJob> which) {
    record Step(long at, int by) {}
    List<Step> steps =
        jobs.stream()
            .filter(which)
            .flatMap(
                job ->
                    Stream.concat(
                        Stream.of(new Step(job.from(), 1)),
                        Optional.of(job.gone())
                            .filter(OptionalLong::isPresent)
                            .map(end -> new Step(end.getAsLong(), -1))
                            .stream()))
            // One commit may take a job away and bring another.
            .sorted(Comparator.comparingLong(Step::at).thenComparingInt(Step::by))
            .toList();
    int most = 0;
    int now = 0;
    for (Step step : steps) {
      now += step.by();
      most = Math.max(most, now);
    }
    return most;
  }
}
