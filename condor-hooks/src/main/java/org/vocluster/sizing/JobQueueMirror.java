package org.vocluster.sizing;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.ShapeName;

/**
 * What sizing needs to know of the schedd's queue, kept current from {@code job_queue.log}: idle
 * payload jobs grouped alike, and node jobs one by one. Of the ads only the attributes are kept
 * that were asked for, so that it stays small with a million jobs. Not thread-safe.
 */
public final class JobQueueMirror implements AutoCloseable {
  /** What decides whether a job is payload or node job, and its state; no slot looks at these. */
  private enum State {
    JOB_STATUS(0, "JobStatus"),
    JOB_UNIVERSE(1, "JobUniverse"),
    ENTERED_CURRENT_STATUS(2, "EnteredCurrentStatus"),
    HOLD_REASON(3, "HoldReason"),
    HOLD_REASON_CODE(4, "HoldReasonCode"),
    OWNER(5, "Owner"),
    VOC_NODE_JOB(6, "VocNodeJob"),
    VOC(7, "Voc"),
    VOC_VO(8, "VocVO"),
    VOC_NODE(9, "VocNode"),
    VOC_DEFINITION(10, "VocDefinition"),
    VOC_SHAPE(11, "VocShape"),
    VOC_IMAGE(12, "VocImage"),
    VOC_AVOID_HOSTS(13, "VocAvoidHosts"),
    REMOTE_HOST(14, "RemoteHost"),
    LAST_REMOTE_HOST(15, "LastRemoteHost"),
    NUM_SHADOW_STARTS(16, "NumShadowStarts"),
    VACATE_REASON_CODE(17, "VacateReasonCode"),
    VACATE_REASON(18, "VacateReason"),
    REMOVE_REASON(19, "RemoveReason");

    /** Place among the mirror's attributes; states come first. */
    private final int number;

    private final String attribute;

    State(int number, String attribute) {
      this.number = number;
      this.attribute = attribute;
    }
  }

  private static final String VANILLA_UNIVERSE = "5";
  private static final int SHARED_VALUES = 100_000;

  /** A job's own "delete" of an attribute hides the one it would inherit from its cluster. */
  private static final String HIDDEN = "undefined";

  private final JobQueueLogReader reader;

  /** Lower-case attribute name to its number; the first are those of {@link State}. */
  private final Map<String, Integer> numbers = new HashMap<>();

  private final List<String> names = new ArrayList<>();

  /** Numbers of the attributes that slots look at: the jobs that agree in them are one group. */
  private final List<Integer> matching = new ArrayList<>();

  private final Map<Integer, Cluster> clusters = new HashMap<>();
  private final Map<List<String>, Group> groups = new LinkedHashMap<>();
  private final Map<JobId, NodeJob> nodeJobs = new LinkedHashMap<>();
  private Map<JobId, NodeJob> beforeReset = Map.of();
  private final List<NodeJob> ended = new ArrayList<>();
  private final List<Cluster> changedClusters = new ArrayList<>();
  private final List<Job> changedJobs = new ArrayList<>();
  private final Map<String, String> shared = new HashMap<>();
  private boolean fromStart;
  private int jobs;

  public JobQueueMirror(Path log) {
    this.reader = new JobQueueLogReader(log, new Changes());
    for (State state : State.values()) {
      number(state.attribute);
    }
  }

  /**
   * Adds attributes that tell jobs apart. When one of them was not kept so far, the next {@link
   * #poll} reads the log from its start.
   *
   * @return whether that is so
   */
  public boolean tellApartBy(Collection<String> attributes) {
    boolean unseen = false;
    for (String attribute : attributes) {
      Integer known = numbers.get(attribute.toLowerCase(Locale.ROOT));
      if (known == null) {
        matching.add(number(attribute));
        unseen = true;
      } else if (!matching.contains(known)) {
        matching.add(known);
        unseen = true;
      }
    }
    if (unseen) {
      reader.rereadFromStart();
    }
    return unseen;
  }

  /** Brings the mirror up to date; reads only what was appended. */
  public LogReading poll() {
    LogReading reading = reader.poll();
    if (reading instanceof LogReading.Advanced) {
      settle();
    }
    return reading;
  }

  /** Idle vanilla jobs of a VO that are not nodes, in the order in which their groups appeared. */
  public List<JobGroup> idlePayload() {
    List<JobGroup> result = new ArrayList<>(groups.size());
    for (Group group : groups.values()) {
      result.add(new JobGroup(group.attributes, group.idle, group.example));
    }
    return result;
  }

  /** Node jobs in the queue that belong to their VO's own account. */
  public List<NodeJob> nodeJobs() {
    return nodeJobs.values().stream().filter(NodeJob::isGenuine).toList();
  }

  /** Node jobs that left the queue since the last call, as they were last seen. */
  public List<NodeJob> takeEnded() {
    List<NodeJob> result = ended.stream().filter(NodeJob::isGenuine).toList();
    ended.clear();
    return result;
  }

  /** Number of jobs in the queue, of any kind. */
  public int size() {
    return jobs;
  }

  @Override
  public void close() {
    reader.close();
  }

  private int number(String attribute) {
    int number = names.size();
    names.add(attribute);
    numbers.put(attribute.toLowerCase(Locale.ROOT), number);
    return number;
  }

  private void settle() {
    for (Cluster cluster : changedClusters) {
      cluster.changed = false;
      cluster.jobs.values().forEach(this::markChanged);
    }
    changedClusters.clear();
    for (Job job : changedJobs) {
      job.changed = false;
      if (!job.destroyed) {
        settle(job);
      }
    }
    changedJobs.clear();
    groups.values().removeIf(group -> group.idle == 0);
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
  }

  private void settle(Job job) {
    leaveGroup(job);
    if (isTrue(job.value(State.VOC_NODE_JOB))) {
      nodeJobs.put(job.id, nodeJob(job));
      return;
    }
    nodeJobs.remove(job.id);
    if (status(job) == JobStatus.IDLE
        && VANILLA_UNIVERSE.equals(job.value(State.JOB_UNIVERSE))
        && !unquoted(job.value(State.VOC_VO)).isEmpty()) {
      List<String> signature = signature(job);
      Group group = groups.computeIfAbsent(signature, s -> new Group(attributes(s), job.id));
      group.idle++;
      group.example = job.id;
      job.group = group;
    }
  }

  private static void leaveGroup(Job job) {
    Group group = job.group;
    if (group != null) {
      group.idle--;
      job.group = null;
    }
  }

  private List<String> signature(Job job) {
    String[] values = new String[matching.size()];
    for (int i = 0; i < values.length; i++) {
      String value = job.value(matching.get(i));
      values[i] = value == null ? "" : value;
    }
    return Arrays.asList(values);
  }

  private ImmutableMap<String, String> attributes(List<String> signature) {
    ImmutableMap.Builder<String, String> result = ImmutableMap.builder();
    for (int i = 0; i < signature.size(); i++) {
      if (!signature.get(i).isEmpty()) {
        result.put(names.get(matching.get(i)), signature.get(i));
      }
    }
    return result.buildOrThrow();
  }

  private static NodeJob nodeJob(Job job) {
    String shape = unquoted(job.value(State.VOC_SHAPE));
    String remote = unquoted(job.value(State.REMOTE_HOST));
    String last = remote.isEmpty() ? unquoted(job.value(State.LAST_REMOTE_HOST)) : remote;
    return new NodeJob(
        job.id,
        "",
        unquoted(job.value(State.VOC)),
        unquoted(job.value(State.VOC_VO)),
        shape.isEmpty() ? ShapeName.DEFAULT.value() : shape,
        unquoted(job.value(State.VOC_NODE)),
        unquoted(job.value(State.OWNER)),
        unquoted(job.value(State.VOC_DEFINITION)),
        unquoted(job.value(State.VOC_IMAGE)),
        unquoted(job.value(State.VOC_AVOID_HOSTS)),
        status(job),
        number(job, State.ENTERED_CURRENT_STATUS),
        new NodeJob.Run(
            last.substring(last.indexOf('@') + 1),
            (int) number(job, State.NUM_SHADOW_STARTS),
            (int) number(job, State.VACATE_REASON_CODE),
            unquoted(job.value(State.VACATE_REASON)),
            unquoted(job.value(State.REMOVE_REASON))),
        unquoted(job.value(State.HOLD_REASON)),
        (int) number(job, State.HOLD_REASON_CODE));
  }

  private static JobStatus status(Job job) {
    return JobStatus.of((int) number(job, State.JOB_STATUS));
  }

  private static long number(Job job, State attribute) {
    String value = job.value(attribute);
    try {
      return value == null ? 0 : Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && value.strip().equalsIgnoreCase("true");
  }

  /** The text of a string literal in old ClassAd syntax, empty for anything else. */
  private static String unquoted(@Nullable String value) {
    if (value == null || value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
      return "";
    }
    return value.substring(1, value.length() - 1).replace("\\\"", "\"");
  }

  private void markChanged(Job job) {
    if (!job.changed) {
      job.changed = true;
      changedJobs.add(job);
    }
  }

  /** One string for equal values: most jobs have the same Requirements. */
  private String share(String value) {
    if (shared.size() > SHARED_VALUES) {
      shared.clear();
    }
    String same = shared.putIfAbsent(value, value);
    return same == null ? value : same;
  }

  /** Applies the log's committed records. */
  private final class Changes implements JobQueueLogReader.Consumer {
    @Override
    public void reset() {
      if (beforeReset.isEmpty()) {
        beforeReset = new LinkedHashMap<>(nodeJobs);
      }
      fromStart = true;
      clusters.clear();
      groups.clear();
      nodeJobs.clear();
      changedClusters.clear();
      changedJobs.clear();
      shared.clear();
      jobs = 0;
    }

    @Override
    public boolean keeps(String attribute) {
      return numbers.containsKey(attribute.toLowerCase(Locale.ROOT));
    }

    @Override
    public void apply(LogRecord change) {
      AdKey key = change.key();
      if (!key.isCluster() && !key.isJob()) {
        return;
      }
      switch (change) {
        case LogRecord.NewAd add -> {
          if (key.isJob()) {
            markChanged(job(key));
          } else {
            cluster(key);
          }
        }
        case LogRecord.DestroyAd destroy -> destroy(key);
        case LogRecord.SetAttribute set -> put(key, set.name(), share(set.value()));
        case LogRecord.DeleteAttribute delete -> put(key, delete.name(), null);
      }
    }

    private void put(AdKey key, String name, @Nullable String value) {
      int number = numbers.getOrDefault(name.toLowerCase(Locale.ROOT), -1);
      if (number < 0) {
        return;
      }
      if (key.isJob()) {
        Job job = job(key);
        job.put(number, value != null || job.cluster.get(number) == null ? value : HIDDEN);
        markChanged(job);
      } else {
        Cluster cluster = cluster(key);
        cluster.put(number, value);
        if (!cluster.changed) {
          cluster.changed = true;
          changedClusters.add(cluster);
        }
      }
    }

    private Cluster cluster(AdKey key) {
      return clusters.computeIfAbsent(key.cluster(), n -> new Cluster());
    }

    private Job job(AdKey key) {
      Cluster cluster = cluster(key);
      return cluster.jobs.computeIfAbsent(
          key.proc(),
          n -> {
            jobs++;
            return new Job(key.jobId(), cluster);
          });
    }

    private void destroy(AdKey key) {
      Cluster cluster = clusters.get(key.cluster());
      if (cluster == null) {
        return;
      }
      if (key.isCluster()) {
        cluster.jobs.keySet().stream()
            .toList()
            .forEach(proc -> destroy(new AdKey(key.cluster(), proc)));
        clusters.remove(key.cluster());
        return;
      }
      Job job = cluster.jobs.remove(key.proc());
      if (job != null) {
        jobs--;
        job.destroyed = true;
        leaveGroup(job);
        nodeJobs.remove(job.id);
        // A log read from its start tells old ends again; settle() finds the new ones.
        if (!fromStart && isTrue(job.value(State.VOC_NODE_JOB))) {
          ended.add(nodeJob(job));
        }
      }
    }
  }

  /** Idle jobs with one signature. */
  private static final class Group {
    final ImmutableMap<String, String> attributes;
    int idle;
    JobId example;

    Group(ImmutableMap<String, String> attributes, JobId example) {
      this.attributes = attributes;
      this.example = example;
    }
  }

  /** Attribute numbers and values; few enough in one ad for a linear search. */
  private static class Ad {
    private short[] numbers = new short[4];
    private @Nullable String[] values = new @Nullable String[4];
    private int count;
    boolean changed;

    final @Nullable String get(int number) {
      int at = find(number);
      return at < 0 ? null : values[at];
    }

    final void put(int number, @Nullable String value) {
      int at = find(number);
      if (at >= 0) {
        values[at] = value;
      } else if (value != null) {
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, count * 2);
          values = Arrays.copyOf(values, count * 2);
        }
        numbers[count] = (short) number;
        values[count] = value;
        count++;
      }
    }

    private int find(int number) {
      for (int i = 0; i < count; i++) {
        if (numbers[i] == number) {
          return i;
        }
      }
      return -1;
    }
  }

  private static final class Cluster extends Ad {
    final Map<Integer, Job> jobs = new HashMap<>(2);
  }

  private static final class Job extends Ad {
    final JobId id;
    final Cluster cluster;
    @Nullable Group group;
    boolean destroyed;

    Job(JobId id, Cluster cluster) {
      this.id = id;
      this.cluster = cluster;
    }

    @Nullable String value(State attribute) {
      return value(attribute.number);
    }

    @Nullable String value(int number) {
      String own = get(number);
      return own != null ? own : cluster.get(number);
    }
  }
}
