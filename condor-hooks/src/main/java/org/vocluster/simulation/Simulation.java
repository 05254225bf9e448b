package org.vocluster.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.simulation.Node.Claim;
import org.vocluster.simulation.report.Books;
import org.vocluster.simulation.report.NodeState;
import org.vocluster.simulation.report.Outcome;
import org.vocluster.simulation.report.Report.Unserved;
import org.vocluster.simulation.report.Timeline;
import org.vocluster.simulation.report.Timeline.Series;
import org.vocluster.simulation.trace.TraceJob;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.NodeSlot;

/**
 * One run of a trace under one policy: an event-driven model of schedd, negotiator, hosts and nodes
 * around the sizer's own decisions. Pure: virtual time, and randomness from a seed. For one use.
 */
final class Simulation {
  /** Where virtual time begins: late enough for times of HTCondor, and a round number. */
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");

  /** A job whose nodes end under it so often will not finish. */
  private static final int MOST_LOSSES = 3;

  private static final long SECOND = 1_000;

  /** When nothing has been running for so long, nothing will. */
  private static final long STALLED_MS = 7 * 86_400 * SECOND;

  /** What the last nodes may take beyond their idle time before the end is called. */
  private static final long STRAGGLING_MS = 60 * SECOND;

  /** A claim serves no further job when it is so old ({@code CLAIM_WORKLIFE}). */
  private static final long CLAIM_WORKLIFE_MS = 1_200 * SECOND;

  private final Conditions conditions;
  private final Rehearsal sizer;
  private final List<TraceJob> trace;
  private final Map<String, NodeKind> nodeKinds = new LinkedHashMap<>();
  private final Map<Map<String, String>, JobKind> jobKinds = new HashMap<>();
  private final Map<String, TreeMap<String, User>> usersByVo = new TreeMap<>();
  private final FreeIndex<Host> hosts = new FreeIndex<>();
  private final long hostCpus;
  private final long stragglersMs;

  private final Events events = new Events();
  private final Books books = new Books();
  private final Timeline timeline = new Timeline();
  private final Pace negotiator;
  private final Pace schedd;
  private final Pace collector = new Pace(0);
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Rehearsal.NodeType> submitted = new LinkedHashMap<>();
  private final Map<String, Long> ordered = new HashMap<>();
  private final Set<String> submitting = new HashSet<>();
  private final Map<String, Long> groupCpus = new TreeMap<>();
  private final Map<Node, List<NodeSlot>> slots = new TreeMap<>();

  private long now;
  private long passAt = 0;
  private int arrived;
  private int running;
  private int open;
  private int nextCluster = 1;
  private int nextNode = 1;
  private long lastProgress;
  private long lastEnd;

  Simulation(List<TraceJob> trace, Rehearsal sizer, Conditions conditions) {
    this.trace = trace;
    this.sizer = sizer;
    this.conditions = conditions;
    // The first submission meets a pool that was quiet: nothing has just happened.
    this.negotiator = new Pace(-conditions.negotiator().intervalMs() / 2);
    this.schedd = new Pace(-conditions.negotiator().scheddMs());
    for (Rehearsal.NodeType type : sizer.types()) {
      nodeKinds.put(key(type.voc(), type.shape()), new NodeKind(type));
    }
    int number = 0;
    long cpus = 0;
    for (HostGroup group : conditions.hosts()) {
      Resources whole = new Resources(group.cpus(), group.memoryMb(), group.diskKb(), group.gpus());
      for (int i = 0; i < group.count(); i++) {
        hosts.add(new Host(number++, whole), whole);
      }
      cpus += (long) group.cpus() * group.count();
    }
    hostCpus = cpus;
    stragglersMs =
        sizer.types().stream()
                    .mapToLong(type -> type.longestIdleSeconds() + type.updateSeconds())
                    .max()
                    .orElse(0)
                * SECOND
            + conditions.lags().shutdownMs()
            + STRAGGLING_MS;
  }

  /** Runs to the end of the work, or as far as the conditions say. */
  Outcome run() {
    while (true) {
      long next = next();
      if (next == Events.NEVER) {
        break;
      }
      if (next > conditions.untilMs()) {
        now = conditions.untilMs();
        break;
      }
      now = next;
      arrive();
      events.run(now);
      if (collector.next() <= now) {
        readCollector();
      }
      if (schedd.next() <= now) {
        schedd.happens(now);
        negotiator.soon(
            now, conditions.negotiator().intervalMs(), conditions.negotiator().delayMs());
      }
      if (negotiator.next() <= now) {
        negotiate();
      }
      if (passAt <= now) {
        pass();
      }
      timeline.keep(now);
      if (isOver()) {
        break;
      }
    }
    return close();
  }

  private long next() {
    long next = Math.min(events.next(), Math.min(collector.next(), negotiator.next()));
    next = Math.min(next, schedd.next());
    if (arrived < trace.size()) {
      next = Math.min(next, trace.get(arrived).submitMs());
    }
    return Math.min(next, passAt);
  }

  /** Nothing is left to do, or nothing will ever happen to what is left. */
  private boolean isOver() {
    if (arrived < trace.size() || running > 0) {
      return false;
    }
    boolean nodesLeft = nodes.values().stream().anyMatch(Node::runs);
    if (open == 0) {
      return !nodesLeft || now > lastEnd + stragglersMs;
    }
    return now > lastProgress + STALLED_MS;
  }

  private Outcome close() {
    for (Node node : nodes.values()) {
      for (Claim claim : node.claims()) {
        if (claim.runs()) {
          Job job = claim.job();
          books.cutOff(job.user().vo(), (double) (now - job.lastStart()) * claim.part().cpus());
        }
      }
      account(node);
    }
    timeline.keep(now);
    Map<String, Unserved> unserved = new TreeMap<>();
    for (JobKind kind : jobKinds.values()) {
      if (kind.places().isEmpty()) {
        unserved.merge(
            kind.why(),
            new Unserved(kind.why(), kind.exampleName(), kind.idle()),
            (a, b) -> new Unserved(a.why(), a.example(), a.jobs() + b.jobs()));
      }
    }
    return new Outcome(books, timeline, now, hostCpus, unserved);
  }

  // --- The queue ---------------------------------------------------------------

  private void arrive() {
    boolean any = false;
    while (arrived < trace.size() && trace.get(arrived).submitMs() <= now) {
      TraceJob one = trace.get(arrived++);
      JobKind kind = jobKinds.computeIfAbsent(one.attributes(), attributes -> kind(one));
      books.submitted(one.vo());
      kind.addIdle(1);
      timeline.add(Series.IDLE_JOBS, 1);
      if (!kind.places().isEmpty()) {
        open++;
        Job job = new Job(one, kind, user(one));
        job.user().queue(job);
      }
      any = true;
    }
    if (any) {
      lastProgress = now;
      queueChanges();
      askForNegotiation();
    }
  }

  private JobKind kind(TraceJob job) {
    JobId example = new JobId(jobKinds.size() + 1, 0);
    Rehearsal.Places places = sizer.places(job.attributes(), example);
    List<JobKind.Place> known = new ArrayList<>();
    for (Rehearsal.Place place : places.places()) {
      NodeKind nodes = nodeKinds.get(key(place.voc(), place.shape()));
      if (nodes != null) {
        known.add(new JobKind.Place(nodes, place.request()));
      }
    }
    return new JobKind(job.attributes(), known, places.why(), example, job.name());
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

  /** The sizer follows the queue's log and sees it a moment later. */
  private void queueChanges() {
    passAt = Math.min(passAt, now + conditions.lags().queueMs());
  }

  // --- The negotiator ----------------------------------------------------------

  /** By way of the schedd, which does not pass every wish on at once. */
  private void askForNegotiation() {
    schedd.soon(now, Events.NEVER, conditions.negotiator().scheddMs());
  }

  /** Something became free, which by itself makes nobody ask. */
  private void somethingIsFree() {
    negotiator.regular(now, conditions.negotiator().intervalMs());
  }

  private void negotiate() {
    negotiator.happens(now);
    matchNodes();
    usersByVo.values().forEach(users -> matchJobs(new ArrayList<>(users.values())));
  }

  /**
   * Node jobs to hosts: one at a time to the group that is furthest below its share; first within
   * the quotas, then, if they accept surplus, beyond them.
   */
  private void matchNodes() {
    Set<NodeKind> refused = new HashSet<>();
    Quotas quotas = conditions.quotas();
    for (boolean withinQuota : new boolean[] {true, false}) {
      if (!withinQuota && !quotas.surplus()) {
        continue;
      }
      Set<NodeKind> passed = new HashSet<>(refused);
      for (NodeKind kind = neediest(passed); kind != null; kind = neediest(passed)) {
        String group = kind.type().accountingGroup();
        long used = groupCpus.getOrDefault(group, 0L);
        if (withinQuota && quotas.reached(group, used, kind.request().cpus())) {
          passed.add(kind);
        } else if (!matchOne(kind)) {
          passed.add(kind);
          refused.add(kind);
        }
      }
    }
  }

  private @Nullable NodeKind neediest(Set<NodeKind> passed) {
    NodeKind neediest = null;
    double least = 0;
    for (NodeKind kind : nodeKinds.values()) {
      if (kind.queued().isEmpty() || passed.contains(kind)) {
        continue;
      }
      String group = kind.type().accountingGroup();
      double relative = conditions.quotas().relative(group, groupCpus.getOrDefault(group, 0L));
      if (neediest == null
          || relative < least
          || (relative == least
              && kind.queued().first().compareTo(neediest.queued().first()) < 0)) {
        neediest = kind;
        least = relative;
      }
    }
    return neediest;
  }

  private boolean matchOne(NodeKind kind) {
    Node node = kind.queued().first();
    Host host = hosts.preferred(kind.request(), node::accepts);
    if (host == null) {
      return false;
    }
    kind.queued().remove(node);
    hosts.remove(host, host.free());
    host.take(kind.request());
    hosts.add(host, host.free());
    groupCpus.merge(kind.type().accountingGroup(), (long) kind.request().cpus(), Long::sum);
    node.matched(host);
    events.plan(now + conditions.lags().startMs(), () -> startNode(node));
    return true;
  }

  /** Jobs of one VO to its nodes: one at a time to the user who holds the fewest processors. */
  private void matchJobs(List<User> users) {
    Set<JobKind> refused = new HashSet<>();
    PriorityQueue<User> waiting =
        new PriorityQueue<>(Comparator.comparingLong(User::cpus).thenComparingInt(User::number));
    users.stream().filter(User::hasIdle).forEach(waiting::add);
    for (User user = waiting.poll(); user != null; user = waiting.poll()) {
      Job job = user.next(kind -> !refused.contains(kind));
      if (job == null) {
        continue;
      }
      if (!matchOne(job)) {
        refused.add(job.kind());
      }
      if (user.hasIdle()) {
        waiting.add(user);
      }
    }
  }

  private boolean matchOne(Job job) {
    Node node = null;
    Resources request = Resources.NONE;
    for (JobKind.Place place : job.kind().places()) {
      Node one = place.nodes().taking().preferred(place.request(), any -> true);
      if (one != null && (node == null || one.free().cpus() < node.free().cpus())) {
        node = one;
        request = place.request();
      }
    }
    if (node == null) {
      return false;
    }
    job.user().take(job);
    job.user().addCpus(request.cpus());
    setFree(node, node.free().minus(request, 1));
    Claim claim = new Claim(request, now, job);
    node.claims().add(claim);
    enter(node, NodeState.BUSY);
    startLater(node, claim);
    return true;
  }

  private void setFree(Node node, Resources free) {
    node.kind().taking().remove(node, node.free());
    node.free(free);
    if (node.takesJobs(now)) {
      node.kind().taking().add(node, free);
    }
    slotsChange(node);
  }

  // --- Payload jobs ------------------------------------------------------------

  private void startLater(Node node, Claim claim) {
    Job job = claim.job();
    events.plan(
        now + conditions.lags().startMs(),
        () -> {
          if (!node.isGone() && claim.job() == job) {
            start(node, claim);
          }
        });
  }

  private void start(Node node, Claim claim) {
    Job job = claim.job();
    if (!job.hasStarted()) {
      books.started(job.user().vo(), now - job.trace().submitMs());
    }
    job.starts(now);
    claim.starts();
    job.kind().addIdle(-1);
    running++;
    lastProgress = now;
    timeline.add(Series.IDLE_JOBS, -1);
    timeline.add(Series.RUNNING_JOBS, 1);
    queueChanges();
    slotsChange(node);
    events.plan(
        now + job.trace().runMs(),
        () -> {
          if (!node.isGone() && claim.job() == job) {
            finish(node, claim);
          }
        });
  }

  private void finish(Node node, Claim claim) {
    Job job = claim.job();
    books.finished(job.user().vo(), (double) job.trace().runMs() * claim.part().cpus());
    running--;
    open--;
    lastProgress = now;
    lastEnd = now;
    timeline.add(Series.RUNNING_JOBS, -1);
    queueChanges();
    Job next =
        node.takesJobs(now) && now - claim.since() < CLAIM_WORKLIFE_MS
            ? job.user().next(kind -> fits(kind, node, claim.part()))
            : null;
    if (next != null) {
      next.user().take(next);
      claim.next(next);
      slotsChange(node);
      startLater(node, claim);
    } else {
      release(node, claim);
    }
  }

  private static boolean fits(JobKind kind, Node node, Resources part) {
    JobKind.Place place = kind.placeOn(node.kind());
    return place != null && part.fits(place.request()) > 0;
  }

  private void release(Node node, Claim claim) {
    claim.job().user().addCpus(-claim.part().cpus());
    node.claims().remove(claim);
    setFree(node, node.free().plus(claim.part()));
    if (node.claims().isEmpty()) {
      node.idleSince(now);
      enter(node, node.takesJobs(now) ? NodeState.IDLE : NodeState.LEAVING);
      planIdleCheck(node);
    }
    somethingIsFree();
  }

  // --- Nodes -------------------------------------------------------------------

  private void startNode(Node node) {
    if (node.isGone()) {
      return;
    }
    node.starts(now);
    books.nodeStarted(node.kind().type().vo());
    timeline.add(Series.QUEUED, -1);
    SplittableRandom random =
        new SplittableRandom(conditions.seed() * 1_000_003L + node.id().cluster());
    double standard = random.nextGaussian();
    boolean fails = random.nextDouble() < conditions.bootFailures();
    enter(node, fails ? NodeState.FAILED : NodeState.BOOTING);
    queueChanges();
    if (fails) {
      books.nodeFailed(node.kind().type().vo());
    } else {
      events.plan(now + conditions.boot().of(standard), () -> join(node));
    }
    events.plan(
        now + Rehearsal.longestRunSeconds(node.kind().type()) * SECOND,
        () -> end(node, Ending.KILLED));
    events.plan(node.deathAt(), () -> die(node));
  }

  private void join(Node node) {
    if (node.isGone()) {
      return;
    }
    node.joins(now);
    enter(node, node.takesJobs(now) ? NodeState.IDLE : NodeState.LEAVING);
    setFree(node, node.free());
    planIdleCheck(node);
    somethingIsFree();
  }

  /** Its START is not true any more. */
  private void die(Node node) {
    if (node.isGone() || !node.isJoined()) {
      return;
    }
    setFree(node, node.free());
    if (node.claims().isEmpty()) {
      enter(node, NodeState.LEAVING);
    }
    passAt = Math.min(passAt, now);
  }

  /**
   * The startd looks whether it was without a claim for long enough only when it updates the
   * collector.
   */
  private void planIdleCheck(Node node) {
    long since = node.idleSince();
    long update = node.kind().type().updateSeconds() * SECOND;
    long enough = since + node.kind().type().idleSeconds() * SECOND - node.joinedAt();
    long at = node.joinedAt() + (enough + update - 1) / update * update;
    events.plan(
        at,
        () -> {
          if (!node.isGone() && node.claims().isEmpty() && node.idleSince() == since) {
            leave(node);
          }
        });
  }

  /** By itself, as an unclaimed node does. */
  private void leave(Node node) {
    node.drain();
    setFree(node, node.free());
    enter(node, NodeState.LEAVING);
    slots.remove(node);
    collectorChanges();
    events.plan(now + conditions.lags().shutdownMs(), () -> end(node, Ending.BY_ITSELF));
  }

  /** How a node job leaves the queue. */
  private enum Ending {
    BY_ITSELF(JobStatus.COMPLETED),
    /** Told to leave when it had no job. */
    TOLD(JobStatus.REMOVED),
    KILLED(JobStatus.REMOVED),
    /** Before it ran. */
    WITHDRAWN(JobStatus.REMOVED);

    private final JobStatus status;

    Ending(JobStatus status) {
      this.status = status;
    }
  }

  /** Its node job leaves the queue; jobs that it runs are lost. */
  private void end(Node node, Ending ending) {
    if (node.isGone()) {
      return;
    }
    String vo = node.kind().type().vo();
    if (node.runs()) {
      account(node);
      books.nodeEnded(vo, ending == Ending.KILLED, ending == Ending.TOLD);
      count(node, -1);
    } else {
      books.nodeWithdrawn(vo);
      timeline.add(Series.QUEUED, -1);
      node.kind().queued().remove(node);
    }
    NodeJob job = nodeJob(node, ending.status);
    ordered.remove(node.name());
    node.kind().taking().remove(node, node.free());
    node.ends();
    slots.remove(node);
    collectorChanges();
    for (Claim claim : List.copyOf(node.claims())) {
      claim.job().user().addCpus(-claim.part().cpus());
      lose(claim);
    }
    node.claims().clear();
    Host host = node.host();
    if (host != null) {
      hosts.remove(host, host.free());
      host.giveBack(node.kind().request());
      hosts.add(host, host.free());
      groupCpus.merge(
          node.kind().type().accountingGroup(), (long) -node.kind().request().cpus(), Long::sum);
      somethingIsFree();
    }
    nodes.remove(node.name());
    sizer.ended(job, instant());
    queueChanges();
  }

  private void lose(Claim claim) {
    Job job = claim.job();
    if (!claim.runs()) {
      job.user().queueAgain(job);
      return;
    }
    boolean again = job.loses() < MOST_LOSSES;
    books.lost(job.user().vo(), (double) (now - job.lastStart()) * claim.part().cpus(), again);
    if (!again) {
      running--;
      open--;
      timeline.add(Series.RUNNING_JOBS, -1);
      return;
    }
    events.plan(
        now + conditions.lags().lostMs(),
        () -> {
          running--;
          job.kind().addIdle(1);
          job.user().queueAgain(job);
          timeline.add(Series.RUNNING_JOBS, -1);
          timeline.add(Series.IDLE_JOBS, 1);
          queueChanges();
          askForNegotiation();
        });
  }

  private void enter(Node node, NodeState state) {
    if (node.state() == state) {
      return;
    }
    account(node);
    count(node, -1);
    node.state(state, now);
    count(node, 1);
  }

  private void count(Node node, int more) {
    NodeState state = node.state();
    if (state != null) {
      timeline.add(Series.of(state), more);
    }
  }

  /** Books the node's time since its last change of state. */
  private void account(Node node) {
    NodeState state = node.state();
    if (state != null) {
      books.node(
          node.kind().type().vo(),
          state,
          now - node.stateSince(),
          node.kind().type().request().cpus());
      node.state(state, now);
    }
  }

  // --- The sizer ---------------------------------------------------------------

  private void slotsChange(Node node) {
    if (node.isJoined() && !node.isGone()) {
      slots.put(node, List.of());
    }
    collectorChanges();
  }

  private void collectorChanges() {
    collector.regular(now, slotsPaceMs());
  }

  private long slotsPaceMs() {
    boolean soon =
        timeline.now(Series.IDLE_JOBS) > 0
            || timeline.now(Series.BOOTING) > 0
            || timeline.now(Series.FAILED) > 0;
    return Rehearsal.slotsPace(soon).toMillis();
  }

  private void readCollector() {
    collector.happens(now);
    List<NodeSlot> all = new ArrayList<>();
    for (Map.Entry<Node, List<NodeSlot>> each : slots.entrySet()) {
      if (each.getValue().isEmpty()) {
        each.setValue(slotsOf(each.getKey()));
      }
      all.addAll(each.getValue());
    }
    boolean joined = sizer.slots(all, instant());
    if (joined && timeline.now(Series.IDLE_JOBS) > 0) {
      askForNegotiation();
    }
    passAt = Math.min(passAt, now);
  }

  private List<NodeSlot> slotsOf(Node node) {
    Rehearsal.NodeType type = node.kind().type();
    List<NodeSlot> result = new ArrayList<>(1 + node.claims().size());
    result.add(
        Rehearsal.partitionable(
            type, node.name(), node.free(), instant(node.deathAt()), node.isDraining()));
    for (Claim claim : node.claims()) {
      result.add(
          Rehearsal.dynamic(
              type,
              node.name(),
              claim.runs() ? Resources.NONE : claim.part(),
              instant(node.deathAt()),
              node.isDraining()));
    }
    return List.copyOf(result);
  }

  private NodeJob nodeJob(Node node) {
    return nodeJob(node, node.runs() ? JobStatus.RUNNING : JobStatus.IDLE);
  }

  private NodeJob nodeJob(Node node, JobStatus status) {
    Host host = node.runs() ? node.host() : null;
    return Rehearsal.nodeJob(
        node.kind().type(),
        node.id(),
        node.name(),
        status,
        instant(node.statusSince()),
        host == null ? "" : host.name(),
        node.avoids());
  }

  private void pass() {
    List<NodeJob> queue = new ArrayList<>(nodes.size());
    for (Node node : nodes.values()) {
      queue.add(node.job(this::nodeJob));
    }
    submitted.keySet().removeAll(nodes.keySet());
    sizer.nodeJobs(queue, instant());
    List<JobGroup> idle = new ArrayList<>();
    for (JobKind kind : jobKinds.values()) {
      if (kind.idle() > 0) {
        idle.add(new JobGroup(kind.attributes(), kind.idle(), kind.example()));
      }
    }
    sizer.idleJobs(idle);
    passAt = Events.NEVER;
    orders(now).forEach(this::carryOut);
    passAt = Math.min(passAt, nextDecision());
  }

  /** What the sizer would order at some time from now on if nothing changed. */
  private List<Rehearsal.Order> orders(long at) {
    return sizer.decide(submitted, instant(at)).stream().filter(order -> isNew(order, at)).toList();
  }

  private boolean isNew(Rehearsal.Order order, long at) {
    return switch (order) {
      case Rehearsal.Order.Submit submit -> !submitting.contains(submit.voc());
      case Rehearsal.Order.Remove(NodeJob node) -> isNew(node, at);
      case Rehearsal.Order.Drain(NodeJob node) -> isNew(node, at);
      case Rehearsal.Order.Avoid(NodeJob node, Set<String> hosts) -> isNew(node, at);
    };
  }

  /** What was ordered a moment ago is not ordered again. */
  private boolean isNew(NodeJob node, long at) {
    Long before = ordered.get(node.node());
    return before == null || at > before + Rehearsal.orderedAgainAfter().toMillis();
  }

  /**
   * When the sizer would act although nothing changes but the time: it looks every second, and what
   * it waits for (an end of a pause, a node overdue) stays so once it is. Found by halving, so that
   * the seconds between need not be gone through.
   */
  private long nextDecision() {
    long next = Math.min(next(), conditions.untilMs());
    long most = Math.min(next, now + STALLED_MS);
    long seconds = (most - now) / SECOND;
    if (seconds < 1 || !acts(seconds)) {
      return Events.NEVER;
    }
    long no = 0;
    long yes = seconds;
    while (yes - no > 1) {
      long middle = (no + yes) / 2;
      if (acts(middle)) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return now + yes * SECOND;
  }

  private boolean acts(long seconds) {
    return !orders(now + seconds * SECOND).isEmpty();
  }

  private void carryOut(Rehearsal.Order order) {
    switch (order) {
      case Rehearsal.Order.Submit submit -> submit(submit);
      case Rehearsal.Order.Remove(NodeJob job) -> {
        sizer.removing(job);
        soon(job, this::remove);
      }
      case Rehearsal.Order.Drain(NodeJob job) -> soon(job, this::drain);
      case Rehearsal.Order.Avoid(NodeJob job, Set<String> hosts) ->
          soon(
              job,
              node -> {
                node.avoid(hosts);
                queueChanges();
              });
    }
  }

  /** Does something about a node after the time that HTCondor's tools take. */
  private void soon(NodeJob job, Consumer<Node> what) {
    ordered.put(job.node(), now);
    events.plan(
        now + conditions.lags().submitMs(),
        () -> {
          Node node = nodes.get(job.node());
          if (node != null) {
            what.accept(node);
          }
        });
  }

  /** Unless it has joined meanwhile. */
  private void remove(Node node) {
    if (!node.isJoined()) {
      end(node, node.runs() ? Ending.KILLED : Ending.WITHDRAWN);
    }
  }

  /** Its startd says whether somebody has a claim on it: if not, nobody gets one any more. */
  private void drain(Node node) {
    if (node.isJoined() && node.claims().isEmpty()) {
      sizer.drained(nodeJob(node, JobStatus.RUNNING));
      node.drain();
      end(node, Ending.TOLD);
    }
  }

  private void submit(Rehearsal.Order.Submit order) {
    NodeKind kind = nodeKinds.get(key(order.voc(), order.shape()));
    if (kind == null || !submitting.add(order.voc())) {
      return;
    }
    List<String> names = new ArrayList<>(order.nodes());
    for (int i = 0; i < order.nodes(); i++) {
      names.add(order.voc() + "-" + nextNode++);
    }
    names.forEach(name -> submitted.put(name, kind.type()));
    events.plan(
        now + conditions.lags().submitMs(),
        () -> {
          submitting.remove(order.voc());
          for (String name : names) {
            Node node = new Node(kind, name, new JobId(nextCluster++, 0), now);
            node.avoid(order.avoidedHosts());
            nodes.put(name, node);
            kind.queued().add(node);
            books.nodeSubmitted(kind.type().vo());
            timeline.add(Series.QUEUED, 1);
            planLongestQueued(node);
          }
          queueChanges();
          askForNegotiation();
        });
  }

  private void planLongestQueued(Node node) {
    events.plan(
        now + Rehearsal.longestQueuedSeconds() * SECOND,
        () -> {
          if (!node.isMatched()) {
            end(node, Ending.WITHDRAWN);
          }
        });
  }

  private Instant instant() {
    return instant(now);
  }

  private static Instant instant(long ms) {
    return EPOCH.plusMillis(ms);
  }

  private static String key(String voc, String shape) {
    return voc + "/" + shape;
  }
}
