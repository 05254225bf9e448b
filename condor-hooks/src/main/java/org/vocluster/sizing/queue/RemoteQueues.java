package org.vocluster.sizing.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.Patience;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.vm.os.CommandException;

/**
 * The queues of all schedds that the sizer serves and does not follow by their log. Each is asked
 * by itself, so that one that is slow or gone holds up no other. The sizer has it ask in each pass
 * and reads what is known then. Not thread-safe: what is asked runs {@link Aside}, its result is
 * taken in by the passes.
 *
 * <p>An answer holds until the next one, but not for ever: a queue that has not answered for long
 * is unknown. Then its jobs are no demand, and nothing that could be for them may be removed.
 *
 * <p>Nor does it hold once the slots of nodes have changed: what takes room there may be a job that
 * the answer has as idle, and would get a second node. Until it has been asked again a queue is
 * outdated, which is as good as unknown.
 */
public final class RemoteQueues {
  /** Between two questions to the collector for the schedds' names: there seldom is a new one. */
  private static final Duration NAMES = Duration.ofMinutes(1);

  /** Between two questions to a schedd whose answer is outdated: no more often than it can bear. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /**
   * A schedd that the collector has lost keeps its place for so long: its jobs are not gone for
   * that.
   */
  private static final Duration GONE = Duration.ofMinutes(30);

  private final HtCondor condor;
  private final Aside aside;
  private final Guard guard;
  private final ServedSchedds served;
  private final String own;
  private final Duration interval;

  private final Map<String, Queue> queues = new TreeMap<>();
  private Significance significance = new Significance(List.of());
  private boolean askingNames;
  private Instant namesAsked = Instant.MIN;
  private String namesUnknown;
  private Set<String> listed = Set.of();
  private boolean news;
  private Instant slotsChanged = Instant.MIN;

  /** Judges whether a schedd's jobs are whose they say. */
  public interface Guard {
    /**
     * Asks the schedd; takes as long as that takes.
     *
     * @return why its jobs must not be served, or empty
     * @throws CommandException if it gives no answer
     */
    Optional<String> objection(String schedd) throws CommandException;
  }

  /** Between two looks at whether a schedd's jobs are whose they say. */
  private static final Duration GUARD = Duration.ofMinutes(1);

  private static final String NOT_ASKED = "it is not known yet whether its jobs are whose they say";

  private static final class Queue {
    /** Why its jobs are not served; empty if they are. */
    String objection = NOT_ASKED;

    Instant guarded = Instant.MIN;
    RemoteQueue.Known known = new RemoteQueue.Known(Instant.MIN, List.of(), List.of(), Set.of());
    String failure = "has not been asked yet";
    boolean asking;
    Instant asked = Instant.MIN;
  }

  /**
   * @param guard of the schedds that are asked
   * @param served besides the own, which may be among them
   * @param own name of the schedd that is followed by its log, which is not asked
   * @param interval how often each is asked
   */
  public RemoteQueues(
      HtCondor condor,
      Aside aside,
      Guard guard,
      ServedSchedds served,
      String own,
      Duration interval) {
    this.condor = condor;
    this.aside = aside;
    this.guard = guard;
    this.served = served;
    this.own = own;
    this.interval = interval;
    this.namesUnknown = served.isAll() ? "the collector has not been asked yet" : "";
    setNames(served.named());
  }

  /** Says which attributes of jobs matter. */
  public void tellApartBy(Significance by) {
    significance = by;
  }

  /** Asks those whose turn it is. */
  public void ask(Instant now) {
    if (served.isAll() && !askingNames && isDue(namesAsked, NAMES, now)) {
      askNames(now);
    }
    queues.forEach(
        (schedd, queue) -> {
          Duration pace = isOutdated(queue) ? AGAIN : interval;
          if (!queue.asking && isDue(queue.asked, pace, now)) {
            queue.asking = true;
            queue.asked = now;
            Set<String> expected = queue.known.found();
            Significance by = significance;
            boolean guarding = isDue(queue.guarded, GUARD, now);
            if (guarding) {
              queue.guarded = now;
            }
            aside.start(
                "ask schedd " + schedd,
                () -> {
                  Optional<String> objection = guarding ? objection(schedd) : Optional.empty();
                  RemoteQueue answer = RemoteQueue.ask(condor, schedd, by, expected, now);
                  return () -> {
                    objection.ifPresent(said -> takeObjection(queue, said));
                    take(queue, answer);
                  };
                });
          }
        });
  }

  /** Empty text for none; nothing if the schedd gives no answer, for then the last one holds. */
  private Optional<String> objection(String schedd) {
    try {
      return Optional.of(guard.objection(schedd).orElse(""));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  private void takeObjection(Queue queue, String objection) {
    news |= !objection.equals(queue.objection) && !queue.known.idlePayload().isEmpty();
    queue.objection = objection;
  }

  /** Why the jobs of a schedd are not served that has some, by its name. */
  public Map<String, String> objections() {
    Map<String, String> result = new TreeMap<>();
    queues.forEach(
        (schedd, queue) -> {
          if (!queue.objection.isEmpty() && !queue.known.idlePayload().isEmpty()) {
            result.put(schedd, queue.objection);
          }
        });
    return result;
  }

  /**
   * Takes note that nodes' slots are other than before.
   *
   * @param asked when the collector was asked that said so
   */
  public void slotsChanged(Instant asked) {
    slotsChanged = asked;
  }

  /** Whether some queue has to be asked again before it can be said what its jobs need. */
  public boolean isOutdated() {
    return queues.values().stream().anyMatch(this::isOutdated);
  }

  private boolean isOutdated(Queue queue) {
    return !queue.known.idlePayload().isEmpty() && queue.known.asked().isBefore(slotsChanged);
  }

  /** Whether any answer since the last call said something new. */
  public boolean takeNews() {
    boolean result = news;
    news = false;
    return result;
  }

  /** Idle payload jobs, grouped so that no slot can tell those of one group apart. */
  public List<JobGroup> idlePayload() {
    List<JobGroup> result = new ArrayList<>();
    for (Queue queue : queues.values()) {
      if (!isOutdated(queue) && queue.objection.isEmpty()) {
        result.addAll(queue.known.idlePayload());
      }
    }
    return result;
  }

  /** Node jobs that belong to their VO's own account. */
  public List<NodeJob> nodeJobs() {
    List<NodeJob> result = new ArrayList<>();
    queues.values().forEach(queue -> result.addAll(queue.known.nodeJobs()));
    return result;
  }

  /**
   * Which queues are unknown, and why; under {@link ServedSchedds#ALL}, why the schedds' names are.
   */
  public Map<String, String> unknown(Instant now) {
    Map<String, String> result = new TreeMap<>();
    if (!namesUnknown.isEmpty()) {
      result.put(ServedSchedds.ALL, namesUnknown);
    }
    queues.forEach(
        (schedd, queue) -> {
          if (isStale(queue, now)) {
            result.put(schedd, queue.failure.isEmpty() ? "does not answer" : queue.failure);
          }
        });
    return result;
  }

  /** Drops the demand of queues that have been silent for too long. */
  public void forgetStale(Instant now) {
    queues
        .entrySet()
        .removeIf(
            each ->
                !listed.contains(each.getKey()) && isDue(each.getValue().known.asked(), GONE, now));
    queues
        .values()
        .forEach(
            queue -> {
              if (isStale(queue, now) && !queue.known.idlePayload().isEmpty()) {
                RemoteQueue.Known old = queue.known;
                queue.known =
                    new RemoteQueue.Known(old.asked(), List.of(), old.nodeJobs(), old.found());
                news = true;
              }
            });
  }

  private boolean isStale(Queue queue, Instant now) {
    return isDue(queue.known.asked(), Patience.of(interval), now);
  }

  private static boolean isDue(Instant last, Duration pace, Instant now) {
    return last.equals(Instant.MIN) || !now.isBefore(last.plus(pace));
  }

  private void take(Queue queue, RemoteQueue answer) {
    queue.asking = false;
    switch (answer) {
      case RemoteQueue.Known known -> {
        news |=
            !queue.failure.isEmpty()
                || isOutdated(queue)
                || !known.idlePayload().equals(queue.known.idlePayload())
                || !known.nodeJobs().equals(queue.known.nodeJobs());
        queue.known = known;
        queue.failure = "";
      }
      case RemoteQueue.Unknown(String why) -> queue.failure = why;
    }
  }

  private void askNames(Instant now) {
    askingNames = true;
    namesAsked = now;
    aside.start(
        "ask the collector for schedds",
        () -> {
          try {
            Set<String> names = new TreeSet<>(condor.schedds().lines().map(String::strip).toList());
            names.removeIf(String::isEmpty);
            return () -> {
              askingNames = false;
              namesUnknown = "";
              setNames(names);
            };
          } catch (CommandException e) {
            return () -> {
              askingNames = false;
              // Those known so far are still asked.
              if (queues.isEmpty()) {
                namesUnknown = String.valueOf(e.getMessage());
              }
            };
          }
        });
  }

  /** Also by the short name of its host, as an administrator may write it. */
  private boolean isOwn(String name) {
    String host = own.substring(own.indexOf('@') + 1);
    return name.equalsIgnoreCase(own)
        || (!own.contains("@") && name.equalsIgnoreCase(host.replaceFirst("[.].*", "")));
  }

  private void setNames(Set<String> names) {
    listed = Set.copyOf(names);
    for (String name : names) {
      if (!isOwn(name)) {
        queues.computeIfAbsent(name, n -> new Queue());
      }
    }
  }
}
