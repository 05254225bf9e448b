package org.vocluster.sizing.submit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.JobId;
import org.vocluster.condor.ReaperAnswer;
import org.vocluster.condor.ReaperCall;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.RunningPayload;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.CommandException;

/**
 * Sees to it that the jobs of a node that has ended are back in the queue at once. Their shadows
 * would wait for the node until the jobs' lease is over, and nothing but root's SIGKILL ends them:
 * the access point's reaper is asked for that, which finds out for itself whether the node has
 * ended (docs/decisions/0631).
 *
 * <p>Before a shadow is ended its job is cooled down, since the schedd would start it again on the
 * lost claim in the same moment; and so are its owner's idle jobs, which the claim would be offered
 * to next. {@link org.vocluster.sizing.Sizer} calls it in every pass. It judges nothing: what it
 * takes for lost is a question to the reaper.
 */
public final class LostJobs {
  /** Where the queue says what runs. */
  public interface Queue {
    /** Names of hosts with jobs. */
    List<String> hosts();

    List<RunningPayload> payloadOn(String host);

    /** How many idle jobs the queue has of a VO. */
    int idle(String vo);
  }

  private static final Duration LOOK_AT_ALL = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** By then the queue's log says what has become of jobs whose shadows were ended. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /** Where the reaper does not answer, and where it does not agree. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Duration LONGEST_DOUBT = Duration.ofMinutes(10);

  /** Longer than it takes from here to the ends of the shadows. */
  private static final Duration COOL = Duration.ofSeconds(3);

  /** From then on cooled jobs can run, by clocks that know only seconds. */
  private static final Duration COOLED = COOL.plusSeconds(2);

  /** A few of those that have cooled down are enough for the schedd to look at all. */
  private static final int MOST_WOKEN = 20;

  /** Or a VO whose nodes end one after the other would start nothing any more. */
  private static final Duration COOL_IDLE_AGAIN = Duration.ofSeconds(15);

  /**
   * Of more idle jobs than that none is cooled down: each is a line in the schedd's log. Each lost
   * claim then keeps one of them for ten seconds.
   */
  private static final int MOST_COOLED = 10_000;

  private final HtCondor condor;
  private final Optional<ReaperCall> reaper;
  private final Aside aside;
  private final SizerLog log;
  private final AuditLog audit;

  private Map<NodeId, NodeJob> seen = Map.of();
  private Map<NodeId, VocName> running = Map.of();
  private final Map<NodeId, Suspicion> suspects = new LinkedHashMap<>();
  private final Map<String, Instant> idleCooled = new HashMap<>();
  private Instant lookedAtAll = Instant.EPOCH;

  /** Jobs that are back in the queue, by when they can run. */
  private final SortedMap<Instant, List<JobId>> cooling = new TreeMap<>();

  private boolean busy;
  private String fault = "";

  /**
   * A node that seems to have ended with jobs in it.
   *
   * @param voc empty if that is not known any more
   * @param pause after which the reaper is asked again
   */
  private record Suspicion(Optional<VocName> voc, Duration pause, Instant due) {}

  /**
   * @param reaper empty if this access point has none
   */
  public LostJobs(
      HtCondor condor, Optional<ReaperCall> reaper, Aside aside, SizerLog log, AuditLog audit) {
    this.condor = condor;
    this.reaper = reaper;
    this.aside = aside;
    this.log = log;
    this.audit = audit;
  }

  /** Why the jobs of ended nodes wait for their lease; empty if they need not. */
  public String fault() {
    return fault;
  }

  /** Takes note of the node jobs in the queues: who ran and does not any more has ended. */
  public void saw(Map<NodeId, NodeJob> nodes, Instant now) {
    if (nodes.equals(seen)) {
      return;
    }
    seen = nodes;
    Map<NodeId, VocName> fresh = new HashMap<>();
    for (NodeJob node : nodes.values()) {
      if (node.isRunning()) {
        fresh.put(node.node(), node.voc());
      }
    }
    running.forEach(
        (node, voc) -> {
          if (!fresh.containsKey(node)) {
            suspects.put(node, new Suspicion(Optional.of(voc), FIRST_PAUSE, now));
          }
        });
    running = fresh;
  }

  /** Goes on; to be called when the queue has just been read, and is known. */
  public void act(Queue queue, Instant now) {
    SortedMap<Instant, List<JobId>> cooled = cooling.headMap(now.plusNanos(1));
    if (!cooled.isEmpty()) {
      wake(List.copyOf(cooled.get(cooled.lastKey())));
      cooled.clear();
    }
    if (reaper.isEmpty() || busy) {
      return;
    }
    boolean all = !now.isBefore(lookedAtAll.plus(LOOK_AT_ALL));
    if (all) {
      lookedAtAll = now;
      suspectAll(queue, now);
    }
    Map<NodeId, List<RunningPayload>> lost = new LinkedHashMap<>();
    int jobs = 0;
    for (Map.Entry<NodeId, Suspicion> each : List.copyOf(suspects.entrySet())) {
      if (now.isBefore(each.getValue().due())) {
        continue;
      }
      List<RunningPayload> payload = queue.payloadOn(each.getKey().value());
      if (payload.isEmpty()) {
        suspects.remove(each.getKey());
      } else if (jobs < ReaperCall.MOST_JOBS) {
        List<RunningPayload> some =
            payload.subList(0, Math.min(payload.size(), ReaperCall.MOST_JOBS - jobs));
        lost.put(each.getKey(), List.copyOf(some));
        jobs += some.size();
      }
    }
    if (all || !lost.isEmpty()) {
      ask(reaper.get(), lost, toCool(lost, queue, now), now);
    }
  }

  /** What ended while nobody looked, as when this process was not there. */
  private void suspectAll(Queue queue, Instant now) {
    for (String host : queue.hosts()) {
      if (NodeId.isValid(host)
          && !running.containsKey(new NodeId(host))
          && !queue.payloadOn(host).isEmpty()) {
        suspects.putIfAbsent(new NodeId(host), new Suspicion(Optional.empty(), FIRST_PAUSE, now));
      }
    }
    suspects.keySet().removeIf(running::containsKey);
  }

  /** Whose idle jobs are to be kept from the lost claims. */
  private Set<String> toCool(Map<NodeId, List<RunningPayload>> lost, Queue queue, Instant now) {
    Set<String> owners = new LinkedHashSet<>();
    for (List<RunningPayload> payload : lost.values()) {
      for (RunningPayload job : payload) {
        Instant before = idleCooled.get(job.owner());
        int idle = queue.idle(job.vo());
        if (isPlain(job.owner())
            && idle > 0
            && idle <= MOST_COOLED
            && (before == null || !now.isBefore(before.plus(COOL_IDLE_AGAIN)))) {
          owners.add(job.owner());
        }
      }
    }
    idleCooled.values().removeIf(before -> !now.isBefore(before.plus(COOL_IDLE_AGAIN)));
    owners.forEach(owner -> idleCooled.put(owner, now));
    return owners;
  }

  /** Whether a name can stand in an expression as it is. */
  private static boolean isPlain(String owner) {
    return !owner.isEmpty()
        && owner
            .chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '.'
                        || c == '_'
                        || c == '-');
  }

  // --- aside

  private void ask(
      ReaperCall call, Map<NodeId, List<RunningPayload>> lost, Set<String> owners, Instant now) {
    List<JobId> jobs =
        lost.values().stream().flatMap(List::stream).map(RunningPayload::id).toList();
    busy = true;
    aside.start(
        "bring back the jobs of ended nodes",
        () -> {
          String warm = jobs.isEmpty() ? "" : cool(jobs, owners, now);
          try {
            List<ReaperAnswer> answers = call.end(jobs);
            return () -> answered(lost, answers, warm, now);
          } catch (IOException e) {
            return () -> unanswered(call, lost, e, now);
          }
        });
  }

  private void wake(List<JobId> jobs) {
    aside.start(
        "have the schedd look at jobs that have cooled down",
        () -> {
          try {
            condor.lookAgain(jobs);
            return () -> {};
          } catch (CommandException e) {
            return () ->
                log.say(
                    "the schedd was not told that jobs can run again, and may see it only when"
                        + " something changes in its queue: "
                        + e.getMessage());
          }
        });
  }

  /** Why that did not work; empty if it did. */
  private String cool(List<JobId> jobs, Set<String> owners, Instant now) {
    long until = now.plus(COOL).getEpochSecond() + 1;
    try {
      if (!owners.isEmpty()) {
        condor.coolDownIdle(owners, until);
      }
      condor.coolDown(jobs, until);
      return "";
    } catch (CommandException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void answered(
      Map<NodeId, List<RunningPayload>> lost,
      List<ReaperAnswer> answers,
      String warm,
      Instant now) {
    busy = false;
    fault = "";
    log.forget("reaper");
    if (!warm.isEmpty()) {
      log.say("lost jobs were not cooled down, and are tried on their lost claims once: " + warm);
    }
    Map<JobId, ReaperAnswer> byJob = new HashMap<>();
    answers.forEach(answer -> byJob.put(answer.job(), answer));
    lost.forEach((node, payload) -> answered(node, payload, byJob, now));
  }

  private void answered(
      NodeId node, List<RunningPayload> payload, Map<JobId, ReaperAnswer> answers, Instant now) {
    List<String> back = new ArrayList<>();
    Set<String> refused = new LinkedHashSet<>();
    for (RunningPayload job : payload) {
      ReaperAnswer answer = answers.get(job.id());
      if (answer != null && answer.ended()) {
        back.add(job.id().toString());
        List<JobId> some = cooling.computeIfAbsent(now.plus(COOLED), at -> new ArrayList<>());
        if (some.size() < MOST_WOKEN) {
          some.add(job.id());
        }
      } else {
        refused.add(job.id() + ": " + (answer == null ? "no answer" : answer.why()));
      }
    }
    if (!back.isEmpty()) {
      String why = "the node has ended; back in the queue: " + String.join(", ", back);
      log.say("node " + node + ": " + why);
      Optional<VocName> voc = Optional.ofNullable(suspects.get(node)).flatMap(Suspicion::voc);
      if (voc.isPresent()) {
        audit.record(voc.get(), "requeue", List.of(node), why);
      } else {
        audit.recordOfNoVoc("requeue", List.of(node), why);
      }
    }
    if (!refused.isEmpty()) {
      log.sayOnce(
          "lost jobs of " + node,
          "node " + node + ": its jobs stay as they are: " + String.join("; ", refused));
    }
    Suspicion before = suspects.get(node);
    if (refused.isEmpty() && before != null) {
      suspects.put(node, new Suspicion(before.voc(), FIRST_PAUSE, now.plus(SETTLED)));
    } else {
      again(node, LONGEST_DOUBT, now);
    }
  }

  private void unanswered(
      ReaperCall call, Map<NodeId, List<RunningPayload>> lost, IOException e, Instant now) {
    busy = false;
    fault =
        "the reaper does not answer ("
            + call.socket()
            + ": "
            + e.getMessage()
            + "); jobs of nodes that end wait for their lease; MasterLog says why VOC_REAPER ends,"
            + " and DAEMON_LIST has to have it";
    log.sayOnce("reaper", "voc: " + fault);
    lost.keySet().forEach(node -> again(node, LONGEST_PAUSE, now));
  }

  /** Asks again after a pause, each longer than the last. */
  private void again(NodeId node, Duration longest, Instant now) {
    Suspicion before = suspects.get(node);
    if (before != null) {
      Duration next = before.pause().multipliedBy(2);
      suspects.put(
          node,
          new Suspicion(
              before.voc(),
              next.compareTo(longest) > 0 ? longest : next,
              now.plus(before.pause())));
    }
  }
}
