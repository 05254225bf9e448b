package org.vocluster.sizing.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.ad.Universe;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;

/**
 * What each job is, and the groups of idle payload that no slot can tell apart. {@link
 * JobQueueMirror} and {@link FutureJobs} have jobs judged here, enter them and take them out. To
 * judge is slow and there may be a million jobs: it is done once for each pair of values, of which
 * there are some hundred.
 */
final class JobKinds {
  private static final String VANILLA = Integer.toString(Universe.VANILLA);

  private final AttributeUses uses;
  private final MissingAttributes missing;
  private Significance significance = new Significance(List.of());
  private final Map<List<String>, IdleGroup> groups = new LinkedHashMap<>();

  /** Names that matter to the jobs seen since the log was last read from its start. */
  private Set<String> reached = new HashSet<>();

  private boolean someEmptied;

  JobKinds(AttributeUses uses, MissingAttributes missing) {
    this.uses = uses;
    this.missing = missing;
  }

  Significance significance() {
    return significance;
  }

  /** Judges by this from now on; what was judged before is to be judged anew. */
  void judgeBy(Significance by) {
    significance = by;
  }

  /**
   * What a job of this cluster with these values of its own is.
   *
   * @param isFresh whether the last look had all that the log says of it
   */
  Kind of(ClusterAd cluster, Values own, boolean isFresh) {
    Values inherited = cluster.values;
    Map<Values, Kind> kinds = inherited.kinds;
    if (kinds == null) {
      kinds = new HashMap<>(2);
      inherited.kinds = kinds;
    }
    Kind known = kinds.get(own);
    if (known == null) {
      known = newKind(cluster, own);
      if (!known.isPassing) {
        kinds.put(own, known);
      }
    }
    if (!known.asks.isEmpty() && !isFresh) {
      missing.addOfOld(known.asks);
    }
    return known;
  }

  /** Counts idle jobs of this kind in its group; nothing if they are no payload. */
  void enter(JobAd job, Kind kind, int weight) {
    IdleGroup group = kind.group;
    if (group == null) {
      return;
    }
    if (!group.listed) {
      // Other values may have led to the same signature.
      IdleGroup same = groups.putIfAbsent(group.signature, group);
      group = same == null ? group : same;
      group.listed = true;
      kind.group = group;
    }
    group.enter(job, weight);
    job.group = group;
  }

  void leave(JobAd job, int weight) {
    IdleGroup group = job.group;
    if (group != null) {
      group.leave(weight);
      job.group = null;
      someEmptied |= group.isEmpty();
    }
  }

  List<JobGroup> idlePayload() {
    List<JobGroup> result = new ArrayList<>(groups.size());
    for (IdleGroup group : groups.values()) {
      if (!group.isEmpty()) {
        result.add(group.reading());
      }
    }
    return result;
  }

  /** Groups without a job go; kinds may have them still, and list them again. */
  void dropEmptied() {
    if (someEmptied) {
      someEmptied = false;
      groups
          .values()
          .removeIf(
              group -> {
                group.listed = !group.isEmpty();
                return !group.listed;
              });
    }
  }

  /** Forgets all groups; what no job has looked at since the last time is not kept any longer. */
  void clear() {
    groups.clear();
    if (!reached.isEmpty()) {
      uses.keepOnly(reached);
      reached = new HashSet<>();
    }
  }

  private Kind newKind(ClusterAd cluster, Values own) {
    if (has(cluster, own, KnownAttribute.NODE_JOB)) {
      return Kind.NODE;
    }
    if (Literals.unquoted(cluster.value(own, KnownAttribute.VO.number())).isEmpty()
        || !VANILLA.equals(cluster.value(own, KnownAttribute.JOB_UNIVERSE.number()))
        || has(cluster, own, KnownAttribute.IS_NOOP_JOB)) {
      return Kind.NOTHING;
    }
    boolean isWhole = missing.isWhole(cluster.number);
    Significance.Reach reach =
        significance.of(
            name -> {
              int number = uses.find(name);
              return number < 0 ? null : cluster.value(own, number);
            },
            name -> uses.isSignificant(name) || isWhole);
    reached.addAll(reach.names());
    String unclear = "";
    boolean isPassing = false;
    if (reach.all() && !isWhole) {
      isPassing = missing.addWhole(cluster.number);
      if (!isPassing) {
        unclear =
            "it computes the names of attributes that it looks at, as eval() does, and more than "
                + MissingAttributes.MOST_WHOLE
                + " submissions do so";
      }
    }
    List<String> asks = new ArrayList<>();
    for (String name : reach.unknown()) {
      if (uses.hasRoomBeside(missing.size())) {
        missing.add(name);
        asks.add(name);
      } else {
        unclear =
            "the jobs in the queue look at more than "
                + AttributeUses.MOST_SIGNIFICANT
                + " attributes";
      }
    }
    List<String> signature =
        signature(unclear, cluster, own, reach.all() ? all(cluster, own) : numbers(reach.names()));
    IdleGroup group = groups.get(signature);
    return new Kind(group != null ? group : new IdleGroup(signature), asks, isPassing);
  }

  private static boolean has(ClusterAd cluster, Values own, KnownAttribute attribute) {
    return Literals.isTrue(cluster.value(own, attribute.number()));
  }

  private List<String> signature(String unclear, ClusterAd cluster, Values own, int[] numbers) {
    List<String> signature = new ArrayList<>();
    signature.add(unclear);
    for (int number : numbers) {
      String value = cluster.value(own, number);
      if (value != null) {
        signature.add(uses.name(number));
        signature.add(value);
      }
    }
    return signature;
  }

  private int[] numbers(List<String> names) {
    return names.stream()
        .mapToInt(uses::find)
        .filter(number -> number != AttributeNumbers.UNKNOWN)
        .sorted()
        .toArray();
  }

  private static int[] all(ClusterAd cluster, Values own) {
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < own.size(); i++) {
      all.add(own.numberAt(i));
    }
    for (int i = 0; i < cluster.values.size(); i++) {
      all.add(cluster.values.numberAt(i));
    }
    return all.stream().mapToInt(n -> n).sorted().toArray();
  }
}
