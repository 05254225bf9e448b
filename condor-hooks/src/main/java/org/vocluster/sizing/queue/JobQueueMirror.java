package org.vocluster.sizing.queue;

import com.google.common.collect.ImmutableMap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;

/**
 * What sizing needs to know of the schedd's queue, kept current from {@code job_queue.log}: idle
 * payload jobs grouped alike, and node jobs one by one. Of the ads only the attributes are kept
 * that matter to some slot ({@link Significance}), and jobs with the same values share them, so
 * that a million jobs take some hundred bytes each. Not thread-safe.
 *
 * <p>An attribute that turns out to matter after it was passed over is looked for in the log again:
 * only among the records of the last look where they have all jobs that it matters to, as they do
 * when somebody submits jobs with new Requirements.
 */
public final class JobQueueMirror implements AutoCloseable {
  /** What decides whether a job is payload or node job. */
  private enum Kept {
    JOB_UNIVERSE(0, CondorAttr.JOB_UNIVERSE),
    VOC_NODE_JOB(1, Attr.NODE_JOB),
    IS_NOOP_JOB(2, CondorAttr.IS_NOOP_JOB);

    /** The attribute's number. */
    private final int number;

    private final String attribute;

    Kept(int number, String attribute) {
      this.number = number;
      this.attribute = attribute;
    }
  }

  /** Numbers that every ad may have. */
  private enum Count {
    JOB_STATUS(CondorAttr.JOB_STATUS),
    ENTERED_CURRENT_STATUS(CondorAttr.ENTERED_CURRENT_STATUS),
    HOLD_REASON_CODE(CondorAttr.HOLD_REASON_CODE),
    // Of clusters whose jobs the schedd makes one after the other, from a submit digest.
    MATERIALIZE_DIGEST(CondorAttr.JOB_MATERIALIZE_DIGEST_FILE),
    MATERIALIZE_NEXT(CondorAttr.JOB_MATERIALIZE_NEXT_PROC_ID),
    MATERIALIZE_MAX_IDLE(CondorAttr.JOB_MATERIALIZE_MAX_IDLE),
    MATERIALIZE_LIMIT(CondorAttr.JOB_MATERIALIZE_LIMIT),
    MATERIALIZE_PAUSED(CondorAttr.JOB_MATERIALIZE_PAUSED),
    TOTAL_SUBMIT_PROCS(CondorAttr.TOTAL_SUBMIT_PROCS);

    private final String attribute;

    Count(String attribute) {
      this.attribute = attribute;
    }
  }

  private static final int CLUSTER_AD = -1;
  private static final String VANILLA_UNIVERSE = "5";

  /** More names than this are not kept: somebody plays with us. */
  private static final int MOST_ATTRIBUTES = 2_000;

  /** Of no more submissions than this all attributes are kept. */
  private static final int MOST_WHOLE = 200;

  private static final int MOST_OF_WHOLE = 20_000;

  /** Rounds of looking for attributes that the values found last name. */
  private static final int MOST_ROUNDS = 50;

  /** A job's own "delete" of an attribute hides the one it would inherit from its cluster. */
  private static final String HIDDEN = "undefined";

  private static final byte CHANGED = 1;
  private static final byte FRESH = 2;
  private static final byte DESTROYED = 4;
  private static final byte NODE = 8;
  private static final byte RECOUNT = 16;

  /** What an attribute's number is used for; several may hold. */
  private static final byte SIGNIFICANT = 1;

  private static final byte TOLD = 2;
  private static final byte COUNTED = 4;

  /** Kept of those submissions only that are kept whole. */
  private static final byte OF_WHOLE = 8;

  private final JobQueueLogReader reader;
  private final AttributeNumbers numbers = new AttributeNumbers();
  private byte[] uses = new byte[256];
  private final Count[] countOf = new Count[256];

  private Significance significance = new Significance(List.of());
  private final Values.Pool pool = new Values.Pool();
  private int poolAfterSweep = 10_000;

  private final KeyTable<Cluster> clusters = new KeyTable<>();
  private final KeyTable<Job> jobs = new KeyTable<>();
  private final Map<List<String>, Group> groups = new LinkedHashMap<>();
  private final Map<JobId, NodeJob> nodeJobs = new LinkedHashMap<>();
  private @Nullable List<NodeJob> genuine;
  private Map<JobId, NodeJob> beforeReset = Map.of();
  private final List<NodeJob> ended = new ArrayList<>();
  private List<Cluster> changedClusters = new ArrayList<>();
  private List<Job> changedJobs = new ArrayList<>();
  private final List<Ad> fresh = new ArrayList<>();

  /** Attributes that matter and were not kept so far, and whether only to what is fresh. */
  private final Map<String, Boolean> missing = new TreeMap<>();

  /** Numbers of the clusters of which all attributes are kept. */
  private final Set<Integer> whole = new HashSet<>();

  private final Set<Integer> missingWhole = new HashSet<>();

  /** Names that matter to the jobs seen since the log was last read from its start. */
  private Set<String> reached = new HashSet<>();

  private final int firstFound;
  private int significantCount;
  private boolean groupsEmptied;
  private boolean fromStart;
  private boolean significanceChanged;
  private long lookedFrom;

  public JobQueueMirror(Path log) {
    this.reader = new JobQueueLogReader(log, new Changes());
    for (Kept kept : Kept.values()) {
      expect(kept.number, use(kept.attribute, SIGNIFICANT));
    }
    for (NodeJobAttribute told : NodeJobAttribute.values()) {
      expect(told.number(), use(told.attribute(), TOLD));
    }
    for (Count count : Count.values()) {
      countOf[use(count.attribute, COUNTED)] = count;
    }
    Significance.ALWAYS.forEach(name -> use(name, SIGNIFICANT));
    Significance.LIKELY.forEach(name -> use(name, SIGNIFICANT));
    firstFound = numbers.size();
  }

  private static void expect(int number, int given) {
    if (number != given) {
      throw new IllegalStateException("attribute " + given + " was to be number " + number);
    }
  }

  /**
   * Says which attributes matter: jobs that agree in them are one group. When that changes, the
   * next {@link #poll} groups all jobs anew.
   */
  public void tellApartBy(Significance by) {
    if (!by.equals(significance)) {
      significance = by;
      significanceChanged = true;
      // What the slots look at in any job need not be missed first.
      if (jobs.size() == 0) {
        by.of(name -> null, name -> true).names().forEach(name -> use(name, SIGNIFICANT));
      }
    }
  }

  /** Brings the mirror up to date; reads only what was appended. */
  public LogReading poll() {
    lookedFrom = reader.position();
    LogReading reading = reader.poll();
    if (!(reading instanceof LogReading.Unchanged)) {
      genuine = null;
    }
    if (reading instanceof LogReading.Unknown) {
      return reading;
    }
    if (reading instanceof LogReading.Unchanged && !significanceChanged) {
      return reading;
    }
    if (significanceChanged) {
      regroupAll();
    }
    settle();
    for (int round = 0; round < MOST_ROUNDS && isMissing(); round++) {
      LogReading.Unknown failed = lookForMissing();
      if (failed != null) {
        reader.rereadFromStart();
        return failed;
      }
      settle();
    }
    afterSettling();
    return reading instanceof LogReading.Advanced ? reading : new LogReading.Advanced(0, false);
  }

  /** Idle vanilla jobs of a VO that are not nodes, in the order in which their groups appeared. */
  public List<JobGroup> idlePayload() {
    List<JobGroup> result = new ArrayList<>(groups.size());
    for (Group group : groups.values()) {
      if (group.jobs > 0) {
        result.add(new JobGroup(group.attributes, group.jobs, group.example(), group.unclear));
      }
    }
    return result;
  }

  /** Node jobs in the queue that belong to their VO's own account. */
  public List<NodeJob> nodeJobs() {
    List<NodeJob> known = genuine;
    if (known == null) {
      known = nodeJobs.values().stream().filter(NodeJob::isGenuine).toList();
      genuine = known;
    }
    return known;
  }

  /** Node jobs that left the queue since the last call, as they were last seen. */
  public List<NodeJob> takeEnded() {
    List<NodeJob> result = ended.stream().filter(NodeJob::isGenuine).toList();
    ended.clear();
    return result;
  }

  /** Number of jobs in the queue, of any kind. */
  public int size() {
    return jobs.size();
  }

  @Override
  public void close() {
    reader.close();
  }

  private int use(String attribute, byte use) {
    int number = numbers.add(attribute);
    if (use == SIGNIFICANT && !(number < uses.length && (uses[number] & SIGNIFICANT) != 0)) {
      significantCount++;
    }
    while (number >= uses.length) {
      uses = Arrays.copyOf(uses, uses.length * 2);
    }
    uses[number] |= use;
    return number;
  }

  private boolean isKept(String name) {
    int number = numbers.find(name);
    return number != AttributeNumbers.UNKNOWN && (uses[number] & SIGNIFICANT) != 0;
  }

  private void regroupAll() {
    significanceChanged = false;
    clearFresh();
    forgetKinds();
    jobs.forEach(this::markChanged);
    clusters.forEach(this::markForRecount);
  }

  /** What no job has looked at since the last time is not kept any longer. */
  private void forgetUnreached() {
    if (reached.isEmpty()) {
      return;
    }
    Set<String> keep = reached;
    reached = new HashSet<>();
    for (int number = firstFound; number < numbers.size(); number++) {
      if ((uses[number] & SIGNIFICANT) != 0
          && !keep.contains(numbers.name(number).toLowerCase(Locale.ROOT))) {
        uses[number] &= ~SIGNIFICANT;
        significantCount--;
      }
    }
  }

  private void forgetKinds() {
    clusters.forEach(cluster -> cluster.values.kinds = null);
  }

  private void settle() {
    List<Cluster> changed = changedClusters;
    changedClusters = new ArrayList<>();
    for (Cluster cluster : changed) {
      if (cluster.is(CHANGED)) {
        for (Job job = cluster.first; job != null; job = job.next) {
          markChanged(job);
        }
      }
    }
    List<Job> open = changedJobs;
    changedJobs = new ArrayList<>();
    for (Job job : open) {
      job.clear(CHANGED);
      if (!job.is(DESTROYED)) {
        settle(job);
      }
    }
    // Jobs that changed have put their clusters on the list, too.
    List<Cluster> more = changedClusters;
    changedClusters = new ArrayList<>();
    changed.forEach(this::recount);
    more.forEach(this::recount);
  }

  private void recount(Cluster cluster) {
    cluster.clear(CHANGED);
    cluster.clear(RECOUNT);
    if (!cluster.is(DESTROYED)) {
      settleUnmaterialised(cluster);
    }
  }

  private boolean isMissing() {
    return !missing.isEmpty() || !missingWhole.isEmpty();
  }

  private void clearFresh() {
    for (Ad ad : fresh) {
      ad.clear(FRESH);
    }
    fresh.clear();
  }

  private void afterSettling() {
    clearFresh();
    if (groupsEmptied) {
      groupsEmptied = false;
      groups
          .values()
          .removeIf(
              group -> {
                group.listed = group.jobs > 0;
                return !group.listed;
              });
    }
    if (!beforeReset.isEmpty()) {
      beforeReset.forEach(
          (id, node) -> {
            if (!nodeJobs.containsKey(id)) {
              ended.add(node);
            }
          });
      beforeReset = Map.of();
    }
    fromStart = false;
    if (pool.size() > 2 * poolAfterSweep) {
      sweep();
    }
  }

  /** Values that no ad has any more go, and groups that are remembered for them. */
  private void sweep() {
    forgetKinds();
    clusters.forEach(
        cluster -> {
          Values.Pool.markLive(cluster.values);
          Values.Pool.markLive(cluster.told);
        });
    jobs.forEach(
        job -> {
          Values.Pool.markLive(job.values);
          Values.Pool.markLive(job.told);
        });
    pool.keepOnlyLive();
    poolAfterSweep = Math.max(10_000, pool.size());
  }

  private void settle(Job job) {
    Cluster cluster = job.cluster;
    leave(job);
    cluster.countHeld(job, status(job) == JobStatus.HELD);
    if (cluster.factory != null) {
      markForRecount(cluster);
    }
    Kind kind = kind(cluster, job.values, job.is(FRESH) && cluster.is(FRESH));
    if (kind.node) {
      job.set(NODE);
      nodeJobs.put(job.id(), nodeJob(job));
      return;
    }
    if (job.is(NODE)) {
      job.clear(NODE);
      nodeJobs.remove(job.id());
    }
    job.told = pool.empty;
    if (kind.payload && status(job) == JobStatus.IDLE) {
      enter(job, group(kind), 1);
    }
  }

  /**
   * Jobs of the cluster that the schedd would make if the idle ones started ({@code
   * JobMaterializeTimerCallback} and {@code CheckMaterializePolicyExpression} in {@code qmgmt.cpp};
   * "idle" there is what does not run). They are like the newest one, as far as anybody knows.
   */
  private void settleUnmaterialised(Cluster cluster) {
    Factory factory = cluster.factory;
    if (factory == null) {
      return;
    }
    leave(factory.future, factory.weight);
    factory.weight = 0;
    long more = (long) cluster.total - factory.next;
    if (factory.limit > 0) {
      more = Math.min(more, factory.limit - cluster.size);
    }
    if (factory.maxIdle >= 0) {
      more = Math.min(more, factory.maxIdle - cluster.held);
    }
    if (!factory.hasDigest || factory.paused != 0 || factory.next <= 0 || more <= 0) {
      return;
    }
    Job newest = cluster.newest();
    Job future = factory.future;
    future.values = newest == null ? pool.empty : newest.values;
    Kind kind = kind(cluster, future.values, cluster.is(FRESH));
    if (kind.payload) {
      factory.weight = (int) Math.min(more, Integer.MAX_VALUE);
      future.proc = factory.next;
      enter(future, group(kind), factory.weight);
    }
  }

  private static void enter(Job job, Group group, int weight) {
    group.jobs += weight;
    job.group = group;
    group.exampleCluster = job.cluster.number;
    group.exampleProc = job.proc;
  }

  private void leave(Job job) {
    leave(job, 1);
  }

  private void leave(Job job, int weight) {
    Group group = job.group;
    if (group != null) {
      group.jobs -= weight;
      job.group = null;
      groupsEmptied |= group.jobs == 0;
    }
  }

  private Group group(Kind kind) {
    Group group = kind.group;
    if (group == null) {
      throw new IllegalStateException("payload without a group");
    }
    if (!group.listed) {
      // Other values may have led to the same signature.
      Group same = groups.putIfAbsent(group.signature, group);
      group = same == null ? group : same;
      group.listed = true;
      kind.group = group;
    }
    return group;
  }

  /** What a job with these values is; worked out once for each pair of values. */
  private Kind kind(Cluster cluster, Values own, boolean isFresh) {
    Values inherited = cluster.values;
    Map<Values, Kind> kinds = inherited.kinds;
    if (kinds == null) {
      kinds = new HashMap<>(2);
      inherited.kinds = kinds;
    }
    Kind known = kinds.get(own);
    if (known == null) {
      known = newKind(cluster, own);
      if (!known.passing) {
        kinds.put(own, known);
      }
    }
    if (!known.asks.isEmpty() && !isFresh) {
      // An older job has it further back in the log, if at all.
      known.asks.forEach(name -> missing.computeIfPresent(name, (n, onlyFresh) -> false));
    }
    return known;
  }

  private Kind newKind(Cluster cluster, Values own) {
    if (isTrue(value(cluster, own, Kept.VOC_NODE_JOB.number))) {
      return new Kind(true, false);
    }
    String vo = NodeJobAttribute.unquoted(value(cluster, own, numbers.find(Attr.VO)));
    if (vo.isEmpty()
        || !VANILLA_UNIVERSE.equals(value(cluster, own, Kept.JOB_UNIVERSE.number))
        || isTrue(value(cluster, own, Kept.IS_NOOP_JOB.number))) {
      return new Kind(false, false);
    }
    Kind kind = new Kind(false, true);
    boolean isWhole = whole.contains(cluster.number);
    Significance.Reach reach =
        significance.of(
            name -> {
              int number = numbers.find(name);
              return number < 0 ? null : value(cluster, own, number);
            },
            name -> isKept(name) || isWhole);
    reached.addAll(reach.names());
    List<String> asks = new ArrayList<>();
    String unclear = "";
    if (reach.all() && !isWhole) {
      if (whole.size() + missingWhole.size() < MOST_WHOLE) {
        missingWhole.add(cluster.number);
        kind.passing = true;
      } else {
        unclear =
            "it computes the names of attributes that it looks at, as eval() does, and more than "
                + MOST_WHOLE
                + " submissions do so";
      }
    }
    for (String name : reach.unknown()) {
      if (significantCount + missing.size() < MOST_ATTRIBUTES) {
        missing.putIfAbsent(name, true);
        asks.add(name);
      } else {
        unclear = "the jobs in the queue look at more than " + MOST_ATTRIBUTES + " attributes";
      }
    }
    List<String> signature = new ArrayList<>();
    signature.add(unclear);
    for (int number : reach.all() ? allNumbers(cluster, own) : numbersOf(reach.names())) {
      String value = value(cluster, own, number);
      if (value != null) {
        signature.add(numbers.name(number));
        signature.add(value);
      }
    }
    Group group = groups.get(signature);
    kind.group = group != null ? group : new Group(signature, unclear);
    kind.asks = asks;
    return kind;
  }

  private int[] numbersOf(List<String> names) {
    return names.stream()
        .mapToInt(numbers::find)
        .filter(number -> number != AttributeNumbers.UNKNOWN)
        .sorted()
        .toArray();
  }

  private static int[] allNumbers(Cluster cluster, Values own) {
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < own.size(); i++) {
      all.add(own.numberAt(i));
    }
    for (int i = 0; i < cluster.values.size(); i++) {
      all.add(cluster.values.numberAt(i));
    }
    return all.stream().mapToInt(n -> n).sorted().toArray();
  }

  /** Looks in the log again for what turned out to matter. */
  private LogReading.@Nullable Unknown lookForMissing() {
    boolean onlyFresh = missingWhole.isEmpty() && !missing.containsValue(false);
    Set<Integer> sought = new HashSet<>();
    for (String name : missing.keySet()) {
      sought.add(use(name, SIGNIFICANT));
    }
    Set<Integer> soughtWhole = Set.copyOf(missingWhole);
    whole.addAll(missingWhole);
    missing.clear();
    missingWhole.clear();
    return reader.again(onlyFresh ? lookedFrom : 0, new Supplement(sought, soughtWhole));
  }

  private static @Nullable String value(Cluster cluster, Values own, int number) {
    String value = own.get(number);
    return value != null ? value : cluster.values.get(number);
  }

  private static NodeJob nodeJob(Job job) {
    return NodeJobAttribute.nodeJob(
        job.id(),
        "",
        status(job),
        Math.max(0, job.counts(Count.ENTERED_CURRENT_STATUS)),
        Math.max(0, job.counts(Count.HOLD_REASON_CODE)),
        attribute -> {
          String own = job.told.get(attribute.number());
          return own != null ? own : job.cluster.told.get(attribute.number());
        });
  }

  private static JobStatus status(Job job) {
    return JobStatus.of(job.counts(Count.JOB_STATUS));
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && value.strip().equalsIgnoreCase("true");
  }

  private void markChanged(Job job) {
    if (!job.is(CHANGED)) {
      job.set(CHANGED);
      changedJobs.add(job);
    }
  }

  private void markChanged(Cluster cluster) {
    markForRecount(cluster);
    cluster.set(CHANGED);
  }

  private void markForRecount(Cluster cluster) {
    if (!cluster.is(RECOUNT)) {
      cluster.set(RECOUNT);
      changedClusters.add(cluster);
    }
  }

  private @Nullable Cluster cluster(int number) {
    return clusters.get(KeyTable.key(number, CLUSTER_AD));
  }

  private @Nullable Ad ad(int cluster, int proc) {
    return proc == CLUSTER_AD ? cluster(cluster) : jobs.get(KeyTable.key(cluster, proc));
  }

  private void put(Ad ad, int number, @Nullable String value) {
    String kept =
        value == null && ad instanceof Job job && job.cluster.values.get(number) != null
            ? HIDDEN
            : value;
    Values before = ad.values;
    ad.values = pool.with(before, number, kept);
    if (!ad.values.equals(before)) {
      markChanged(ad);
    }
  }

  private void tell(Ad ad, int number, @Nullable String value) {
    String kept =
        value == null && ad instanceof Job job && job.cluster.told.get(number) != null
            ? HIDDEN
            : value;
    Values before = ad.told;
    ad.told = pool.with(before, number, kept);
    if (!ad.told.equals(before)) {
      markChanged(ad);
    }
  }

  private void markChanged(Ad ad) {
    switch (ad) {
      case Job job -> markChanged(job);
      case Cluster cluster -> markChanged(cluster);
    }
  }

  private boolean isWhole(int cluster) {
    return !whole.isEmpty() && whole.contains(cluster);
  }

  private int numberOfWhole(byte[] buffer, int from, int to) {
    int number = numbers.find(buffer, from, to);
    return number >= 0 || numbers.size() >= MOST_OF_WHOLE
        ? number
        : use(new String(buffer, from, to - from, StandardCharsets.UTF_8), OF_WHOLE);
  }

  private static boolean isOurs(int cluster, int proc) {
    return cluster > 0 && proc >= CLUSTER_AD;
  }

  /** Applies the log's committed records. */
  private final class Changes implements LogConsumer {
    /** The ad of the last record: most are about the same as the one before. */
    private @Nullable Ad last;

    private int lastCluster;
    private int lastProc;

    @Override
    public void reset() {
      if (beforeReset.isEmpty()) {
        beforeReset = new LinkedHashMap<>(nodeJobs);
      }
      fromStart = true;
      lookedFrom = 0;
      last = null;
      clusters.clear();
      jobs.clear();
      groups.clear();
      nodeJobs.clear();
      changedClusters.clear();
      changedJobs.clear();
      fresh.clear();
      missing.clear();
      missingWhole.clear();
      whole.clear();
      pool.clear();
      forgetUnreached();
    }

    @Override
    public int wanted(int cluster, int proc, byte[] buffer, int from, int to) {
      if (!isOurs(cluster, proc)) {
        return AttributeNumbers.UNKNOWN;
      }
      int number = numbers.find(buffer, from, to);
      if (number >= 0 && (uses[number] & ~OF_WHOLE) != 0) {
        return number;
      }
      return isWhole(cluster) ? numberOfWhole(buffer, from, to) : AttributeNumbers.UNKNOWN;
    }

    @Override
    public void create(int cluster, int proc) {
      if (!isOurs(cluster, proc)) {
        return;
      }
      Cluster parent = cluster(cluster);
      if (parent == null) {
        parent = new Cluster(cluster, pool.empty);
        parent.set(FRESH);
        fresh.add(parent);
        clusters.put(KeyTable.key(cluster, CLUSTER_AD), parent);
      }
      Ad ad = parent;
      if (proc != CLUSTER_AD) {
        long key = KeyTable.key(cluster, proc);
        Job job = jobs.get(key);
        if (job == null) {
          job = new Job(proc, parent, pool.empty);
          jobs.put(key, job);
          parent.add(job);
          job.set(FRESH);
          fresh.add(job);
        }
        markChanged(job);
        ad = job;
      }
      last = ad;
      lastCluster = cluster;
      lastProc = proc;
    }

    private @Nullable Ad find(int cluster, int proc) {
      if (last == null || lastCluster != cluster || lastProc != proc) {
        last = ad(cluster, proc);
        lastCluster = cluster;
        lastProc = proc;
      }
      return last;
    }

    @Override
    public void set(int cluster, int proc, int attribute, byte[] buffer, int from, int to) {
      Ad ad = find(cluster, proc);
      if (ad == null) {
        return;
      }
      byte use = uses[attribute];
      if ((use & COUNTED) != 0) {
        count(ad, attribute, number(buffer, from, to));
      }
      if ((use & (TOLD | SIGNIFICANT)) != 0 || isWhole(cluster)) {
        String value = pool.string(buffer, from, to);
        if ((use & TOLD) != 0) {
          tell(ad, attribute, value);
        }
        if ((use & SIGNIFICANT) != 0 || isWhole(cluster)) {
          put(ad, attribute, value);
        }
      }
    }

    @Override
    public void delete(int cluster, int proc, int attribute) {
      Ad ad = find(cluster, proc);
      if (ad == null) {
        return;
      }
      byte use = uses[attribute];
      if ((use & COUNTED) != 0) {
        boolean hides = ad instanceof Job job && job.cluster.own(countOf[attribute]) != Ad.NONE;
        count(ad, attribute, hides ? Ad.DELETED : Ad.NONE);
      }
      if ((use & TOLD) != 0) {
        tell(ad, attribute, null);
      }
      if ((use & SIGNIFICANT) != 0 || isWhole(cluster)) {
        put(ad, attribute, null);
      }
    }

    private void count(Ad ad, int attribute, int value) {
      Count count = countOf[attribute];
      switch (count) {
        case JOB_STATUS -> {
          ad.status = (byte) Math.clamp(value, Ad.DELETED, Byte.MAX_VALUE);
          markChanged(ad);
        }
        case ENTERED_CURRENT_STATUS -> {
          ad.entered = value;
          // It comes with a change of the status, and matters to nobody but node jobs.
          if (ad.is(NODE)) {
            markChanged(ad);
          }
        }
        case HOLD_REASON_CODE -> {
          ad.holdCode = (short) Math.clamp(value, Ad.DELETED, Short.MAX_VALUE);
          markChanged(ad);
        }
        case MATERIALIZE_DIGEST,
            MATERIALIZE_NEXT,
            MATERIALIZE_MAX_IDLE,
            MATERIALIZE_LIMIT,
            MATERIALIZE_PAUSED,
            TOTAL_SUBMIT_PROCS -> {
          if (ad instanceof Cluster cluster) {
            materialise(cluster, count, value);
          }
        }
      }
    }

    private void materialise(Cluster cluster, Count count, int value) {
      if (count == Count.TOTAL_SUBMIT_PROCS) {
        cluster.total = value;
        if (cluster.factory != null) {
          markForRecount(cluster);
        }
        return;
      }
      Factory factory = cluster.factory;
      if (factory == null) {
        factory = new Factory(cluster, pool.empty);
        cluster.factory = factory;
      }
      switch (count) {
        case MATERIALIZE_DIGEST -> factory.hasDigest = value == Ad.OTHER;
        case MATERIALIZE_NEXT -> factory.next = value;
        case MATERIALIZE_MAX_IDLE -> factory.maxIdle = value;
        case MATERIALIZE_LIMIT -> factory.limit = value;
        case MATERIALIZE_PAUSED ->
            factory.paused = value == Ad.NONE || value == Ad.DELETED ? 0 : value;
        case JOB_STATUS, ENTERED_CURRENT_STATUS, HOLD_REASON_CODE, TOTAL_SUBMIT_PROCS -> {}
      }
      markForRecount(cluster);
    }

    @Override
    public void destroy(int cluster, int proc) {
      last = null;
      if (!isOurs(cluster, proc)) {
        return;
      }
      if (proc != CLUSTER_AD) {
        Job job = jobs.get(KeyTable.key(cluster, proc));
        if (job != null) {
          destroy(job);
        }
        return;
      }
      Cluster parent = cluster(cluster);
      if (parent != null) {
        while (parent.first != null) {
          destroy(parent.first);
        }
        if (parent.factory != null) {
          leave(parent.factory.future, parent.factory.weight);
        }
        parent.set(DESTROYED);
        clusters.remove(KeyTable.key(cluster, CLUSTER_AD));
        whole.remove(cluster);
      }
    }

    private void destroy(Job job) {
      Cluster parent = job.cluster;
      jobs.remove(KeyTable.key(parent.number, job.proc));
      job.set(DESTROYED);
      parent.remove(job);
      parent.countHeld(job, false);
      leave(job);
      if (parent.factory != null) {
        markForRecount(parent);
      }
      boolean wasNode = job.is(NODE);
      if (wasNode) {
        nodeJobs.remove(job.id());
      }
      // A log read from its start tells old ends again; afterSettling() finds the new ones.
      if (!fromStart && (wasNode || isTrue(value(parent, job.values, Kept.VOC_NODE_JOB.number)))) {
        ended.add(nodeJob(job));
      }
    }

    /** A whole number; {@link Ad#OTHER} for text, {@link Ad#DELETED} for any other expression. */
    private static int number(byte[] buffer, int from, int to) {
      int at = from;
      boolean negative = at < to && buffer[at] == '-';
      if (negative) {
        at++;
      }
      if (at == to || to - at > 10) {
        return at < to && buffer[at] == '"' ? Ad.OTHER : Ad.DELETED;
      }
      long value = 0;
      for (; at < to; at++) {
        int digit = buffer[at] - '0';
        if (digit < 0 || digit > 9) {
          return buffer[from] == '"' ? Ad.OTHER : Ad.DELETED;
        }
        value = value * 10 + digit;
      }
      // No attribute here has a negative value that means more than "not so".
      return negative ? -3 : (int) Math.min(value, Integer.MAX_VALUE);
    }
  }

  /** Takes from a second look at the log only what was passed over in the first. */
  private final class Supplement implements LogConsumer {
    private final Set<Integer> sought;
    private final Set<Integer> soughtWhole;

    Supplement(Set<Integer> sought, Set<Integer> soughtWhole) {
      this.sought = sought;
      this.soughtWhole = soughtWhole;
    }

    @Override
    public void reset() {
      throw new IllegalStateException("a second look changes nothing");
    }

    @Override
    public int wanted(int cluster, int proc, byte[] buffer, int from, int to) {
      if (!isOurs(cluster, proc)) {
        return AttributeNumbers.UNKNOWN;
      }
      int number = numbers.find(buffer, from, to);
      if (!soughtWhole.isEmpty() && soughtWhole.contains(cluster)) {
        return numberOfWhole(buffer, from, to);
      }
      return number >= 0 && sought.contains(number) ? number : AttributeNumbers.UNKNOWN;
    }

    @Override
    public void create(int cluster, int proc) {}

    /** What was found so far was another ad's of the same key. */
    @Override
    public void destroy(int cluster, int proc) {
      Ad ad = isOurs(cluster, proc) ? ad(cluster, proc) : null;
      if (ad != null) {
        for (int number : sought) {
          ad.values = pool.with(ad.values, number, null);
        }
        markChanged(ad);
      }
    }

    @Override
    public void set(int cluster, int proc, int attribute, byte[] buffer, int from, int to) {
      Ad ad = ad(cluster, proc);
      if (ad != null) {
        put(ad, attribute, pool.string(buffer, from, to));
      }
    }

    @Override
    public void delete(int cluster, int proc, int attribute) {
      Ad ad = ad(cluster, proc);
      if (ad != null) {
        put(ad, attribute, null);
      }
    }
  }

  /** Idle jobs with one signature. */
  private static final class Group {
    final List<String> signature;
    final String unclear;
    final ImmutableMap<String, String> attributes;
    int jobs;
    int exampleCluster;
    int exampleProc;
    boolean listed;

    Group(List<String> signature, String unclear) {
      this.signature = signature;
      this.unclear = unclear;
      ImmutableMap.Builder<String, String> map = ImmutableMap.builder();
      for (int i = 1; i < signature.size(); i += 2) {
        map.put(signature.get(i), signature.get(i + 1));
      }
      this.attributes = map.buildOrThrow();
    }

    JobId example() {
      return new JobId(exampleCluster, exampleProc);
    }
  }

  /** What jobs with certain values are: node jobs, payload, or nothing to us. */
  static final class Kind {
    private final boolean node;
    private final boolean payload;
    private @Nullable Group group;

    /** Names that mattered and were not kept when this was worked out. */
    private List<String> asks = List.of();

    /** Good for once only: all its attributes are to be looked for. */
    private boolean passing;

    Kind(boolean node, boolean payload) {
      this.node = node;
      this.payload = payload;
    }
  }

  private abstract static sealed class Ad {
    static final int NONE = -1;

    /** There is none, and what would be inherited is hidden. */
    static final int DELETED = -2;

    /** Something that is no number. */
    static final int OTHER = Integer.MAX_VALUE;

    Values values;
    Values told;
    int entered = NONE;
    short holdCode = NONE;
    byte status = NONE;
    private byte flags;

    Ad(Values empty) {
      this.values = empty;
      this.told = empty;
    }

    final boolean is(byte flag) {
      return (flags & flag) != 0;
    }

    final void set(byte flag) {
      flags |= flag;
    }

    final void clear(byte flag) {
      flags &= (byte) ~flag;
    }

    final int own(Count count) {
      return switch (count) {
        case JOB_STATUS -> status;
        case ENTERED_CURRENT_STATUS -> entered;
        case HOLD_REASON_CODE -> holdCode;
        case MATERIALIZE_DIGEST,
            MATERIALIZE_NEXT,
            MATERIALIZE_MAX_IDLE,
            MATERIALIZE_LIMIT,
            MATERIALIZE_PAUSED,
            TOTAL_SUBMIT_PROCS ->
            NONE;
      };
    }
  }

  private static final class Cluster extends Ad {
    final int number;

    /** Its jobs, the youngest record first. */
    @Nullable Job first;

    int size;
    int held;

    /** What the submission is to have, once all of it is there. */
    int total;

    @Nullable Factory factory;

    Cluster(int number, Values empty) {
      super(empty);
      this.number = number;
    }

    void add(Job job) {
      Job second = first;
      job.next = second;
      if (second != null) {
        second.previous = job;
      }
      first = job;
      size++;
    }

    void remove(Job job) {
      Job before = job.previous;
      Job after = job.next;
      if (before == null) {
        first = after;
      } else {
        before.next = after;
      }
      if (after != null) {
        after.previous = before;
      }
      size--;
    }

    void countHeld(Job job, boolean isHeld) {
      if (job.countedHeld != isHeld) {
        job.countedHeld = isHeld;
        held += isHeld ? 1 : -1;
      }
    }

    /** The job that was made last; a compacted log has them in no order. */
    @Nullable Job newest() {
      Job newest = first;
      for (Job job = first; job != null; job = job.next) {
        if (newest == null || job.proc > newest.proc) {
          newest = job;
        }
      }
      return newest;
    }
  }

  /** What the schedd makes a cluster's jobs from, one after the other. */
  private static final class Factory {
    boolean hasDigest;
    int next;
    int limit;
    int maxIdle = Ad.NONE;
    int paused;

    /** Stands for the jobs that are not made yet. */
    final Job future;

    int weight;

    Factory(Cluster cluster, Values empty) {
      this.future = new Job(0, cluster, empty);
    }
  }

  private static final class Job extends Ad {
    int proc;
    final Cluster cluster;
    @Nullable Job next;
    @Nullable Job previous;
    @Nullable Group group;
    boolean countedHeld;

    Job(int proc, Cluster cluster, Values empty) {
      super(empty);
      this.proc = proc;
      this.cluster = cluster;
    }

    JobId id() {
      return new JobId(cluster.number, proc);
    }

    /** Its own number, or what it inherits; negative if there is none. */
    int counts(Count count) {
      int own = own(count);
      return own == NONE ? cluster.own(count) : own;
    }
  }
}
