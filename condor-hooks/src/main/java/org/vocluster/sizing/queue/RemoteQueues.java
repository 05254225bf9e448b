package org.vocluster.sizing.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.os.CommandException;

/**
 * The queues of all schedds that the sizer serves and does not follow by their log. Each is asked
 * by itself, so that one that is slow or gone holds up no other. Not thread-safe: what is asked
 * runs beside the passes, its result is taken in by them.
 *
 * <p>An answer holds until the next one, but not for ever: a queue that has not answered for long
 * is unknown. Then its jobs are no demand, and nothing that could be for them may be removed.
 *
 * <p>Nor does it hold once the slots of nodes have changed: what takes room there may be a job that
 * the answer has as idle, and would get a second node. Until it has been asked again a queue is
 * outdated, which is as good as unknown.
 */
public final class RemoteQueues {
  /** In the list of schedds: all that the collector knows. */
  static final String ALL = "*";

  private static final Duration NAMES = Duration.ofMinutes(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration TOO_OLD = Duration.ofSeconds(60);

  /**
   * A schedd that the collector has lost keeps its place for so long: its jobs are not gone for
   * that.
   */
  private static final Duration GONE = Duration.ofMinutes(30);

  /** Runs work on another thread and its result on the passes' own. */
  public interface Beside {
    void start(String doing, Supplier<Runnable> work);
  }

  private final HtCondor condor;
  private final Beside beside;
  private final Set<String> named;
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

  private static final class Queue {
    RemoteQueue.Known known = new RemoteQueue.Known(Instant.MIN, List.of(), List.of(), Set.of());
    String failure = "has not been asked yet";
    boolean asking;
    Instant asked = Instant.MIN;
  }

  /**
   * @param named names of schedds, or {@link #ALL}
   * @param own name of the schedd that is followed by its log, which is not asked
   * @param interval how often each is asked
   */
  public RemoteQueues(
      HtCondor condor, Beside beside, Set<String> named, String own, Duration interval) {
    this.condor = condor;
    this.beside = beside;
    this.named = Set.copyOf(named);
    this.own = own;
    this.interval = interval;
    this.namesUnknown = named.contains(ALL) ? "the collector has not been asked yet" : "";
    setNames(named.stream().filter(name -> !name.equals(ALL)).collect(Collectors.toSet()));
  }

  /** Says which attributes of jobs matter. */
  public void tellApartBy(Significance by) {
    significance = by;
  }

  /** Asks those whose turn it is. */
  public void ask(Instant now) {
    if (named.contains(ALL) && !askingNames && isDue(namesAsked, NAMES, now)) {
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
            beside.start(
                "ask schedd " + schedd,
                () -> {
                  RemoteQueue answer = RemoteQueue.ask(condor, schedd, by, expected, now);
                  return () -> take(queue, answer);
                });
          }
        });
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
      if (!isOutdated(queue)) {
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

  /** Which queues are unknown, and why; under {@link #ALL}, why the schedds' names are. */
  public Map<String, String> unknown(Instant now) {
    Map<String, String> result = new TreeMap<>();
    if (!namesUnknown.isEmpty()) {
      result.put(ALL, namesUnknown);
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
    Duration four = interval.multipliedBy(4);
    return isDue(queue.known.asked(), four.compareTo(TOO_OLD) > 0 ? four : TOO_OLD, now);
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
    beside.start(
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
