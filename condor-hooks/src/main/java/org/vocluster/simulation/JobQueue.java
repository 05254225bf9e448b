package org.vocluster.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vocluster.condor.JobId;
import org.vocluster.simulation.report.Report.Unserved;
import org.vocluster.simulation.report.Timeline.Series;
import org.vocluster.simulation.trace.TraceJob;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.vm.definition.VoName;

/**
 * The access point's payload jobs: they arrive from the trace, are idle, run, and finish or are
 * lost. It alone counts them, in the books and the timeline. Where they run is not its business.
 */
final class JobQueue {
  /** A job whose nodes end under it so often will not finish. */
  private static final int MOST_LOSSES = 3;

  private final World world;
  private final SizerTwin sizer;
  private final List<TraceJob> trace;
  private final Map<Map<String, String>, JobKind> kinds = new HashMap<>();
  private final Map<VoName, TreeMap<String, User>> usersByVo = new TreeMap<>();

  private int arrived;
  private int running;
  private int open;
  private long lastProgress;
  private long lastEnd;

  JobQueue(World world, SizerTwin sizer, List<TraceJob> trace) {
    this.world = world;
    this.sizer = sizer;
    this.trace = trace;
  }

  /** When the next job arrives. */
  long next() {
    return arrived < trace.size() ? trace.get(arrived).submitMs() : Events.NEVER;
  }

  void arrive() {
    boolean any = false;
    while (next() <= world.now()) {
      TraceJob one = trace.get(arrived++);
      JobKind kind = kinds.computeIfAbsent(one.attributes(), attributes -> kind(one));
      world.books().submitted(one.vo());
      kind.addIdle(1);
      world.timeline().add(Series.IDLE_JOBS, 1);
      if (!kind.places().isEmpty()) {
        open++;
        Job job = new Job(one, kind, user(one));
        job.user().queue(job);
      }
      any = true;
    }
    if (any) {
      lastProgress = world.now();
      world.queueChanges();
      world.askForNegotiation();
    }
  }

  private JobKind kind(TraceJob job) {
    JobId example = new JobId(kinds.size() + 1, 0);
    Demand.Assigned alone =
        sizer.judge(new JobGroup(job.attributes(), 1, example), world.instant());
    List<JobKind.Place> places = new ArrayList<>();
    for (DemandGroup group : alone.groups()) {
      for (Candidate candidate : group.candidates()) {
        NodeKind nodes = world.nodeKind(candidate.kind());
        if (nodes != null) {
          places.add(new JobKind.Place(nodes, candidate));
        }
      }
    }
    String why =
        places.isEmpty()
            ? alone.unserved().stream()
                .map(Demand.Unserved::why)
                .findFirst()
                .orElse("its schedd does not run it yet")
            : "";
    return new JobKind(job.attributes(), places, why, example, job.name());
  }

  private User user(TraceJob job) {
    TreeMap<String, User> users = usersByVo.computeIfAbsent(job.vo(), vo -> new TreeMap<>());
    User known = users.get(job.user());
    if (known == null) {
      known = new User(users.size(), job.vo());
      users.put(job.user(), known);
    }
    return known;
  }

  void started(Job job) {
    long now = world.now();
    if (!job.hasStarted()) {
      world.books().started(job.user().vo(), Math.max(0, now - job.trace().dueMs()));
    }
    job.starts(now);
    job.kind().addIdle(-1);
    running++;
    lastProgress = now;
    world.timeline().add(Series.IDLE_JOBS, -1);
    world.timeline().add(Series.RUNNING_JOBS, 1);
    world.queueChanges();
  }

  /**
   * A job's run ends with its result.
   *
   * @param cpus that it held
   */
  void finished(Job job, int cpus) {
    world.books().finished(job.user().vo(), (double) job.trace().runMs() * cpus);
    running--;
    open--;
    lastProgress = world.now();
    lastEnd = world.now();
    world.timeline().add(Series.RUNNING_JOBS, -1);
    world.queueChanges();
  }

  /** A job was matched with a node that ended before it started there. */
  void returned(Job job) {
    job.user().queueAgain(job);
  }

  /** A job's node ends under it: its schedd hopes for it for a while, then queues it again. */
  void lost(Job job, int cpus) {
    boolean again = job.loses() < MOST_LOSSES;
    world.books().lost(job.user().vo(), (double) (world.now() - job.lastStart()) * cpus, again);
    if (!again) {
      running--;
      open--;
      world.timeline().add(Series.RUNNING_JOBS, -1);
      return;
    }
    world.planIn(
        world.conditions().lags().lostMs(),
        () -> {
          running--;
          job.kind().addIdle(1);
          job.user().queueAgain(job);
          world.timeline().add(Series.RUNNING_JOBS, -1);
          world.timeline().add(Series.IDLE_JOBS, 1);
          world.queueChanges();
          world.askForNegotiation();
        });
  }

  /** The simulation ends while a job runs. */
  void cutOff(Job job, int cpus) {
    world.books().cutOff(job.user().vo(), (double) (world.now() - job.lastStart()) * cpus);
  }

  /** The users of each VO, in a fixed order. */
  List<Collection<User>> usersByVo() {
    List<Collection<User>> result = new ArrayList<>();
    usersByVo.values().forEach(users -> result.add(users.values()));
    return result;
  }

  /** The idle jobs as the sizer sees them. */
  List<JobGroup> idle() {
    List<JobGroup> idle = new ArrayList<>();
    for (JobKind kind : kinds.values()) {
      if (kind.idle() > 0) {
        idle.add(new JobGroup(kind.attributes(), kind.idle(), kind.example()));
      }
    }
    return idle;
  }

  /** Jobs that no node takes, by the reason. */
  Map<String, Unserved> unserved() {
    Map<String, Unserved> unserved = new TreeMap<>();
    for (JobKind kind : kinds.values()) {
      if (kind.places().isEmpty()) {
        unserved.merge(
            kind.why(),
            new Unserved(kind.why(), kind.exampleName(), kind.idle()),
            (a, b) -> new Unserved(a.why(), a.example(), a.jobs() + b.jobs()));
      }
    }
    return unserved;
  }

  /** Whether all jobs have arrived and none runs. */
  boolean isQuiet() {
    return arrived >= trace.size() && running <= 0;
  }

  /** Whether jobs are left that a node could take. */
  boolean hasOpen() {
    return open != 0;
  }

  /** When a job arrived, started or finished last. */
  long lastProgress() {
    return lastProgress;
  }

  /** When a job finished last. */
  long lastEnd() {
    return lastEnd;
  }
}
